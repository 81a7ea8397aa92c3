export {
  AzureCliCredential,
  ClientAssertionCredential,
  ManagedIdentityCredential
} from '@azure/identity'
