"""What an environment of the model of certificate authorities looks like to Microsoft's Python SDKs, and what they change in it."""

import json
import sys

from azure.mgmt.deviceregistry import DeviceRegistryMgmtClient
from azure.mgmt.iothub import IotHubClient
from azure.mgmt.iothubprovisioningservices import IotDpsClient
from signed_in import credential, plain, refusal, subscription

asked = json.load(sys.stdin)
group = asked["group"]
# It knows the tutorial's model alone: a namespace is there in both, its links are not.
registry = DeviceRegistryMgmtClient(credential, subscription)
hubs = IotHubClient(credential, subscription, api_version=asked["version"])
# It has this version by itself.
services = IotDpsClient(credential, subscription)

namespace = registry.namespaces.get(group, asked["namespace"])
seen = {
    "namespace": plain(namespace),
    "namespaces": [one.name for one in registry.namespaces.list_by_resource_group(group)],
    "hub": plain(hubs.iot_hub_resource.get(group, asked["hub"])),
    "certificates": plain(hubs.certificates.list_by_iot_hub(group, asked["hub"])),
    "dps": plain(services.iot_dps_resource.get(asked["dps"], group)),
    "services": [one.name for one in services.iot_dps_resource.list_by_resource_group(group)],
    "credential": refusal(lambda: registry.credentials.get(group, asked["namespace"])),
    "absent": refusal(lambda: services.iot_dps_resource.get("nobody-made-this", group)),
}

by_sdk = {"by": "sdk"}
registry.namespaces.begin_update(
    group, asked["namespace"], {"tags": {**namespace.tags, **by_sdk}}
).result()
hub_tags = {**seen["hub"]["tags"], **by_sdk}
hubs.iot_hub_resource.begin_update(group, asked["hub"], {"tags": hub_tags}).result()
dps_tags = {**seen["dps"]["tags"], **by_sdk}
services.iot_dps_resource.begin_update(group, asked["dps"], {"tags": dps_tags}).result()
seen["changed"] = {
    "namespace": plain(registry.namespaces.get(group, asked["namespace"])),
    "hub": plain(hubs.iot_hub_resource.get(group, asked["hub"])),
    "dps": plain(services.iot_dps_resource.get(asked["dps"], group)),
}
json.dump(seen, sys.stdout, default=str)
