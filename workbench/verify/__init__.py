"""JUDGE: proof material and trust in, verdicts with proof trails out."""
