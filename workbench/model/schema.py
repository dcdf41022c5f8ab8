"""The names of our JSON documents; each has its schema in ``resources/schemas``."""

VERIFICATION = "workbench.verification/1"
INSPECTION = "workbench.inspection/1"
REPORT_VERIFICATION = "workbench.report-verification/1"
SELFTEST = "workbench.selftest/1"
CHECKS = "workbench.checks/1"
FINDINGS = "workbench.findings/1"
