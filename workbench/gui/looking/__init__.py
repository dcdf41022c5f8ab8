"""What the inspector shows of a thing of the case: its fields, its proof, its bytes, its uses."""
