"""A script that is signed in as a job of GitHub's is, and what such scripts have in common."""

import os

import requests
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientAssertionCredential

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


def refusal(act):
    """Status and code with which a request is refused; None when it is not."""
    try:
        act()
        return None
    except HttpResponseError as error:
        return [error.status_code, error.error.code if error.error else None]


def plain(model):
    """A model of an SDK as JSON has it."""
    return model.as_dict() if model is not None else None
