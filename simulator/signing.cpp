#include "signing.hpp"

#include "gate/signature.hpp"

namespace jobrun::simulator {

std::string twilio_signature(std::string_view auth_token, std::string_view url, const Parameters& parameters) {
  return gate::sign_form(auth_token, url, parameters);
}

}  // namespace jobrun::simulator
