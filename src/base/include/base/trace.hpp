// W3C Trace Context: whoever calls us may say which trace its request belongs to, and what we ask of others
// because of it belongs to the same one.
//
//   traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//                version, trace id, id of the caller's own part (parent id), flags
//
// A call's requests and lines are told apart by its CallSid, whatever traces its webhooks belong to: a trace is
// for those who also look at what stands before and behind us.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/ports/random.hpp"

namespace jobrun {

struct Trace {
  std::string id;           ///< 32 lower-case hexadecimal digits, not all zero
  bool is_sampled = false;  ///< the flag of whoever began it: its parts are being kept
  friend bool operator==(const Trace&, const Trace&) = default;
};

/// The trace that a `traceparent` names; empty unless it is one exactly: what is nearly one is ignored, as the
/// specification asks. Of a later version what this one knows is read.
std::optional<Trace> read_traceparent(std::string_view header);

/// What `traceparent` says in a request of ours that belongs to the trace, as a new part of it.
std::string write_traceparent(const Trace& trace, Random& random);

/// Which trace the newest request about each call or text belonged to. In memory alone, and only of the newest few
/// thousand: after a restart, or much later, nobody needs it. Callable on any thread; never blocks for long.
class Traces {
 public:
  /// `random` must outlive this. Between `remembered` and twice as many are known.
  explicit Traces(Random& random, std::size_t remembered = 4'096) : random_(random), remembered_(remembered) {}

  /// The trace of a request with that `traceparent`; a new one where that names none.
  Trace of_request(std::string_view traceparent) const;
  /// From now on what happens to that call or text belongs to the trace. An empty id is nobody's.
  void keep(std::string_view correlation_id, const Trace& trace);
  std::optional<Trace> of(std::string_view correlation_id) const;
  /// For a request of ours about that call or text; empty: nothing is known.
  std::string traceparent_for(std::string_view correlation_id) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Known = std::unordered_map<std::string, Trace, Hash, std::equal_to<>>;

  Random& random_;
  std::size_t remembered_;
  mutable std::mutex mutex_;
  Known newer_, older_;
};

}  // namespace jobrun
