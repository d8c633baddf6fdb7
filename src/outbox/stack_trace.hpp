#pragma once

#include <string>

namespace jobrun::outbox {

/// The caller's stack, one frame a line, for the log. Slow: for broken invariants only.
std::string stack_trace_here();

}  // namespace jobrun::outbox
