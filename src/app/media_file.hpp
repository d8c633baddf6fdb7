// What came with a customer's text, from the carrier into a file: when somebody asks for it, and only then.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "settings.hpp"

namespace jobrun::app {

struct MediaFile {
  std::string type;
  std::size_t bytes = 0;
};

/// Waits for it. `path` must not be there yet: nothing is written over. Errors as of CarrierMedia::fetch_media;
/// conflict: there is such a file.
Result<MediaFile> fetch_to_file(const Settings& settings, const std::string& url, const std::string& path);

}  // namespace jobrun::app
