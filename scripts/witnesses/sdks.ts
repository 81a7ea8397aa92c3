/** Microsoft's SDKs for Python, as PyPI has them; apart from the Azure CLI, which wants older ones for itself. */
export const SDKS = {
  'azure-identity': '1.27.0',
  'azure-mgmt-deviceregistry': '1.2.0b1',
  'azure-mgmt-iothub': '5.0.0b5',
  'azure-mgmt-iothubprovisioningservices': '2.1.0',
  requests: '2.34.2'
}
