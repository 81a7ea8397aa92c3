/** The Azure CLI that everything here is held against, as PyPI has it. */
export const AZURE_CLI = { 'azure-cli': '2.91.0' }
