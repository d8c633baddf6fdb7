// What the carrier keeps of a text's pictures and attachments, and of voicemails: fetched when somebody wants it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace jobrun {

struct Media {
  std::string type{};  ///< as the carrier told: `image/jpeg`; empty: it did not
  std::string bytes{};
};

class CarrierMedia {
 public:
  using Fetched = std::function<void(Result<Media>)>;
  virtual ~CarrierMedia() = default;
  /// Any thread, never blocks; `done` is called exactly once, on a thread of the carrier's. `url` is a link that
  /// the carrier gave for media of our account: no other is asked for, and nobody but the carrier is shown our
  /// credentials. invalid: it is none, or has more than `bytes_max`; not_found: the carrier has it no more;
  /// unavailable: try again.
  virtual void fetch_media(std::string url, std::size_t bytes_max, Fetched done) = 0;
};

}  // namespace jobrun
