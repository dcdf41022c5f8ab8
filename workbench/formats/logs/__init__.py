"""Plain logs: records cut out of whatever they lie in, and events made of them by a mapping.

``mapper`` reads the parts of an event; ``cutting`` the records; ``reading`` goes over a log and
notes what is doubtful; ``recognising`` tells a log by what its records hold.
"""
