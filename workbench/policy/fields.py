"""What a rule may ask of each kind of row; ``needs`` is checked against this when a pack loads.

A field that the evidence does not state is left out of the row; whether it is stated is a field of
its own (``states_licence``), left out where the source has no place for it.
"""

from collections.abc import Mapping

from workbench.model.policy import Population

#: Name of each field and what it means; a row leaves out what its source cannot say.
FIELDS: Mapping[Population, Mapping[str, str]] = {
    Population.SOURCE: {
        "path": "the source as the auditor sees it",
        "format": "what it was recognised as",
        "kind": "log, model or catalog",
        "protected": "whether it carries protection data",
        "intact": "whether all of that was recomputed and agrees; not known while INDETERMINATE",
        "signed": "whether somebody the auditor trusts signed it; not known without a trust anchor",
        "integrity": "PASSED, INDETERMINATE or FAILED",
        "integrity_code": "sub-code, or the empty text",
        "authenticity": "PASSED, INDETERMINATE or FAILED",
        "completeness": "PASSED, INDETERMINATE or FAILED",
        "time": "PASSED, INDETERMINATE or FAILED",
        "records": "how many records it holds",
    },
    Population.RUN: {
        "name": "what people call it",
        "deleted": "whether the store marks it as deleted",
        "state": "started, running, complete, failed, aborted or unknown",
        "ended": "whether it reached an end",
        "user": "who started it, as the store says",
        "params": "parameters by name",
        "tags": "tags by name",
        "seeds": "values of parameters that name a seed or random state",
        "commit": "commit of the code",
        "datasets": "names of the data sets it used",
    },
    Population.MODEL: {
        "name": "what people call it",
        "owner": "who answers for it",
        "states_owner": "whether the registry names one",
        "tags": "tags by name",
        "versions": "how many versions it has",
    },
    Population.MODEL_VERSION: {
        "model": "the registered model",
        "version": "its number",
        "stage": "the store's own word, or the empty text",
        "in_production": "its stage is Production",
        "served_by_alias": "champion, production or prod points at it, its stage is another one",
        "aliases": "aliases that point at it",
        "has_run": "whether it names a run that the store holds",
        "run_state": "state of that run",
        "run_deleted": "whether that run is marked as deleted",
        "run_user": "who started that run",
        "approved_by": "tag approved_by",
        "states_approver": "whether there is one",
        "licence": "tag license or licence",
        "states_licence": "whether there is one that names a licence",
        "licence_is_non_commercial": "whether the licence allows non-commercial use only",
        "data_licence": "licence of the training data as the run's tag states it",
        "data_licence_is_non_commercial": "whether that allows non-commercial use only",
        "datasets": "names of the data sets that its run used",
        "rests_on_withdrawn": "whether data reached it from something whose consent was withdrawn; "
        "not known unless all that it was made from says",
        "rests_on_non_commercial": "whether data reached it that is licensed for non-commercial "
        "use only; not known unless all that it was made from says",
        "tags": "tags by name",
        "log_approvers": "who approved it, as the audit log says",
    },
    Population.DATASET: {
        "name": "what people call it",
        "digest": "digest as stated",
        "uri": "where it lies, as stated",
        "used_by": "how many runs used it",
    },
    Population.EDGE: {
        "kind": "the relation",
        "status": "verified, claimed, broken or missing",
        "dangling": "whether an end is described nowhere",
    },
    Population.APPROVAL: {
        "object": "what was approved",
        "approver": "who, as the log says",
        "registrar": "who registered it, as the log says",
        "outcome": "success, failure or unknown",
    },
    Population.DEPLOYMENT: {
        "object": "what was deployed",
        "actor": "who, as the log says",
        "approved_before": "whether an approval of the same version stands before it in the logs "
        "of the case and was not revoked by then",
        "approval_intact": "whether the record of that approval is unbroken",
    },
    Population.EVENT: {},
}
