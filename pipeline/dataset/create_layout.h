/// Creates groups and empty datasets of a session file: all of it before SWMR writing begins, as HDF5 asks.
/// Everything here throws h5::Failure.
#pragma once

#include <string>
#include <vector>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/layout.h"

namespace soleus {

/// An empty file in the format that SWMR needs, in place of any that is there.
h5::Handle createFile(const std::string& path);

/// Access properties for opening such a file again.
h5::Handle fileAccess();

/// A group with creation order, so that netCDF tools list members as they were made.
void createGroup(hid_t file, const std::string& path);

/// The group `path` with the empty columns of `spec` on their scale.
void createTable(hid_t file, const std::string& path, const TableSpec& spec);

/// More columns in the group of a table that is made, on its scale.
void addColumns(hid_t file, const std::string& path, const TableSpec& spec, const std::string& scalePath);

/// The empty group /signals/NAME. `samplesPerSecond`: NaN if uneven.
void createSignal(hid_t file, const std::string& name, const std::string& units, const std::string& source,
                  double samplesPerSecond);

/// /doppler/velocity with its values and the empty /doppler/spectrum [T, V] on /doppler/time and it.
/// `dynamicRangeDb` is what grey 255 stands above grey 0.
void createSpectrum(hid_t file, const std::vector<double>& velocityCmPerS, double dynamicRangeDb);

}  // namespace soleus
