// The carrier's list of the texts that came in, as the sweep sees it: those of lost webhooks are in it too.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/event.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun {

/// An inbound text as the carrier keeps it: what its webhook said, but for the links, which are those that the
/// carrier lists by itself.
struct ListedText {
  InboundText text;      ///< `at`: when it came to the carrier, to the second
  bool is_whole = true;  ///< false: the carrier is still receiving it
};

struct TextsList {
  std::vector<ListedText> texts{};  ///< that came in, in any order
  std::optional<Instant>
      newest{};  ///< of the list, texts of ours among it: how far it reaches; empty: nothing is listed
};

/// Texts that came within, both included, to the second by the carrier's clock. It may list some more.
struct TextsWindow {
  Instant from{};
  Instant to{};
};

/// Asks; changes nothing. Any thread, never blocks. `done` is called exactly once, on a thread of the carrier's.
/// Bounded in requests and bytes. An answer that cannot be read whole is an error: what cannot be read might be a
/// text that is looked for. Lists lag a little.
class CarrierTexts {
 public:
  using ListedTexts = std::function<void(Result<TextsList>)>;
  virtual ~CarrierTexts() = default;
  /// Every inbound text of the window.
  virtual void list_texts(TextsWindow window, ListedTexts done) = 0;
};

}  // namespace jobrun
