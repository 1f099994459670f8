"""A session through both of xarray's HDF5 engines."""

import h5py
import xarray

ENGINES = ("h5netcdf", "netcdf4")


def groups_of(path):
    groups = ["/"]
    with h5py.File(path) as file:
        file.visititems(lambda name, item: groups.append("/" + name) if isinstance(item, h5py.Group) else None)
    return groups


def load(path, group, engine):
    with xarray.open_dataset(path, group=group, engine=engine) as dataset:
        return dataset.load()


def check_every_group(path):
    """Both engines open every group, and agree."""
    for group in groups_of(path):
        first, second = (load(path, group, engine) for engine in ENGINES)
        assert dict(first.sizes) == dict(second.sizes), (path, group)
        assert list(first.variables) == list(second.variables), (path, group)
        for name, variable in first.variables.items():
            assert variable.equals(second.variables[name]), (path, group, name)
            # A made-up dimension is how an engine shows that a scale is missing.
            assert not any("phony" in str(d) for d in variable.dims), (path, group, name)
