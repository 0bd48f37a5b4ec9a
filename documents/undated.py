"""Files inside a ZIP that say no date: the same contents give the same bytes, whenever they are put there."""

import zipfile

DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP knows


def entry(name, method=zipfile.ZIP_DEFLATED):
    """What a ZIP says of a file before its bytes."""
    told = zipfile.ZipInfo(name, DAY)
    told.compress_type = method
    told.create_system = 3  # whatever the system that writes it
    told.external_attr = 0o644 << 16
    return told
