"""What an environment looks like to Microsoft's Python SDKs, and what they change in it. Ids come on standard input."""

import json
import os
import sys

import requests
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientAssertionCredential
from azure.mgmt.deviceregistry import DeviceRegistryMgmtClient
from azure.mgmt.iothub import IotHubClient
from azure.mgmt.iothubprovisioningservices import IotDpsClient

asked = json.load(sys.stdin)
group = asked["group"]
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]


def assertion():
    """The token of a job, as a step of a workflow fetches it."""
    answer = requests.get(
        os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=api://AzureADTokenExchange",
        headers={"Authorization": "bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]},
        timeout=60,
    )
    answer.raise_for_status()
    return answer.json()["value"]


credential = ClientAssertionCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], assertion
)
registry = DeviceRegistryMgmtClient(credential, subscription)
hubs = IotHubClient(credential, subscription, api_version=asked["hubs"])
services = IotDpsClient(credential, subscription, api_version=asked["services"])


def refusal(act):
    """Status and code with which a request is refused; None when it is not."""
    try:
        act()
        return None
    except HttpResponseError as error:
        return [error.status_code, error.error.code if error.error else None]


def plain(model):
    return model.as_dict() if model is not None else None


namespace = registry.namespaces.get(group, asked["namespace"])
policies = list(registry.policies.list_by_resource_group(group, asked["namespace"]))
seen = {
    "namespace": plain(namespace),
    "namespaces": [one.name for one in registry.namespaces.list_by_resource_group(group)],
    "credential": plain(registry.credentials.get(group, asked["namespace"])),
    "policies": [plain(one) for one in policies],
    "hub": plain(hubs.iot_hub_resource.get(group, asked["hub"])),
    "certificates": plain(hubs.certificates.list_by_iot_hub(group, asked["hub"])),
    "key": plain(hubs.iot_hub_resource.get_keys_for_key_name(group, asked["hub"], "iothubowner")),
    "dps": plain(services.iot_dps_resource.get(asked["dps"], group)),
    "hubsOfItsOwnVersion": refusal(
        lambda: IotHubClient(credential, subscription).iot_hub_resource.get(group, asked["hub"])
    ),
    "absent": refusal(lambda: registry.namespaces.get(group, "nobody-made-this")),
}

by_sdk = {"by": "sdk"}
registry.namespaces.begin_update(
    group, asked["namespace"], {"tags": {**namespace.tags, **by_sdk}}
).result()
registry.policies.begin_update(
    group,
    asked["namespace"],
    asked["policy"],
    {"properties": {"certificate": {"leafCertificateConfiguration": {"validityPeriodInDays": 60}}}},
).result()
registry.credentials.begin_synchronize(group, asked["namespace"]).result()
hub_tags = {**seen["hub"]["tags"], **by_sdk}
hubs.iot_hub_resource.begin_update(group, asked["hub"], {"tags": hub_tags}).result()
dps_tags = {**seen["dps"]["tags"], **by_sdk}
services.iot_dps_resource.begin_update(group, asked["dps"], {"tags": dps_tags}).result()
seen["changed"] = {
    "namespace": plain(registry.namespaces.get(group, asked["namespace"])),
    "policy": plain(registry.policies.get(group, asked["namespace"], asked["policy"])),
    "hub": plain(hubs.iot_hub_resource.get(group, asked["hub"])),
    "dps": plain(services.iot_dps_resource.get(asked["dps"], group)),
}
json.dump(seen, sys.stdout, default=str)
