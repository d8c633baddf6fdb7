// The shapes of answers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "console_api/operations.hpp"

namespace jobrun::console_api {

inline nlohmann::json refused(const Error& error) {
  return error_answer(error);
}

inline nlohmann::json refused(ErrorKind kind, std::string message) {
  return refused(Error{kind, std::move(message)});
}

inline nlohmann::json answered(nlohmann::json result) {
  return {{"result", std::move(result)}};
}

inline nlohmann::json no_such_client(ClientId id) {
  return refused(ErrorKind::not_found,
                 "there is no client " + std::to_string(id.value) + ": see jobrun clients list");
}

}  // namespace jobrun::console_api
