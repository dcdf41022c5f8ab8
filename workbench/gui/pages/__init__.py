"""The pages: one file each, with ``PAGE``; none knows another."""
