// What to do about a database that cannot be used, for whoever is woken by it: one line, with exact commands.
#pragma once

#include <string>

namespace jobrun::store {

/// What to do about a failure with this (extended) code of SQLite's; empty where trying again is all there is.
std::string advice_on(int sqlite_code, const std::string& path);

}  // namespace jobrun::store
