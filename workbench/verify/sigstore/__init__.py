"""Judge Sigstore bundles against a trusted root that the auditor brought, with no network."""
