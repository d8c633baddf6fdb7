#include "stack_trace.hpp"

#include <boost/stacktrace.hpp>

namespace jobrun::outbox {

std::string stack_trace_here() {
  return boost::stacktrace::to_string(boost::stacktrace::stacktrace());
}

}  // namespace jobrun::outbox
