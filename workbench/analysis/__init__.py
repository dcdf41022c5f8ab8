"""DERIVE: lineage, layout, timelines, from what the case holds; reads, never writes."""
