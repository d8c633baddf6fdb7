#pragma once

#include <string_view>

namespace jobrun {

/// One e-mail address as we accept it: printable ASCII with one `@`, and nothing that means something in a header
/// or in SMTP.
bool is_mail_address(std::string_view text);

}  // namespace jobrun
