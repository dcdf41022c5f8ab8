"""The words: frozen dataclasses and closed sets, standard library only."""
