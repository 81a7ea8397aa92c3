"""What an environment of the tutorial's model looks like to Microsoft's Python SDKs, and what they change in it. Ids come on standard input."""

import json
import sys

from azure.mgmt.deviceregistry import DeviceRegistryMgmtClient
from azure.mgmt.iothub import IotHubClient
from azure.mgmt.iothubprovisioningservices import IotDpsClient
from signed_in import credential, plain, refusal, subscription

asked = json.load(sys.stdin)
group = asked["group"]
registry = DeviceRegistryMgmtClient(credential, subscription)
hubs = IotHubClient(credential, subscription, api_version=asked["hubs"])
services = IotDpsClient(credential, subscription, api_version=asked["services"])

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
