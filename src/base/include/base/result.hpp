// A value or a reason why there is none.
//
// std::expected may be dropped on the floor in g++ 12; this wrapper may not. An Error is written for the
// person who has to do something about it: it says what was wrong and what to do.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace jobrun {

/// What kind of failure, for exit codes, HTTP statuses and counters.
enum class ErrorKind {
  invalid,      ///< the input is not acceptable; repeating it will not help
  not_found,    ///< what was named does not exist
  conflict,     ///< it contradicts what is already there
  unavailable,  ///< a part we depend on does not answer; repeating later may help
  internal,     ///< a broken invariant of ours
};

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string message;  ///< one sentence for a person, without a final newline
};

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> failure(ErrorKind kind, std::string message) {
  return std::unexpected<Error>(Error{kind, std::move(message)});
}

inline std::unexpected<Error> invalid(std::string message) {
  return failure(ErrorKind::invalid, std::move(message));
}

}  // namespace jobrun
