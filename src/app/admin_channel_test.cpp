#include "admin_channel.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "database_lock.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;
using std::chrono::seconds;

class AdminChannelTest : public testing::Test {
 protected:
  AdminChannelTest() {
    std::string pattern = testing::TempDir() + "admin_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    socket_ = directory_ + "/jobrun.db.admin.sock";
  }
  ~AdminChannelTest() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }
  void start(AdminServer::Handler handler, AdminLimits limits = {}) {
    Result<std::unique_ptr<AdminServer>> started = AdminServer::start(socket_, std::move(handler), limits);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }
  static json echo(const json& request) { return {{"result", request}}; }

  /// Sends bytes as they are and returns all that comes back until the server closes.
  std::string say(const std::string& bytes) const {
    const store::FileDescriptor connection(socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(connection.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(send(connection.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    shutdown(connection.number(), SHUT_WR);
    std::string heard;
    char chunk[4096];
    for (ssize_t length = 0; (length = recv(connection.number(), chunk, sizeof chunk, 0)) > 0;) {
      heard.append(chunk, static_cast<std::size_t>(length));
    }
    return heard;
  }

  std::string directory_;
  std::string socket_;
  std::unique_ptr<AdminServer> server_;
};

// Goal: a question is answered, with and without a file, and only its owner can ask.
// Method: echo; a file with every byte value; the socket's mode.
TEST_F(AdminChannelTest, CarriesQuestionsAndFiles) {
  start(echo);
  struct stat info{};
  ASSERT_EQ(stat(socket_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(*ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(10)), json({{"result", {{"op", "x"}}}}));

  std::atomic<std::size_t> received = 0;
  server_.reset();
  start([&](const json& request) {
    received = request.at("csv").get_ref<const std::string&>().size();
    return json{{"result", request.at("csv").get_ref<const std::string&>().front() == '\n'}};
  });
  std::string file(3'000'000, 'x');
  file.front() = '\n';
  EXPECT_EQ(*ask_admin(socket_, {{"op", "x"}}, file, seconds(30)), json({{"result", true}}));
  EXPECT_EQ(received, file.size());
}

// Goal: hostile bytes get an error or a closed connection, never a dead server.
// Method: each kind of nonsense; then a good question.
TEST_F(AdminChannelTest, SurvivesNonsense) {
  AdminLimits limits;
  limits.request_bytes_max = 1'000;
  limits.attachment_bytes_max = 100;
  start(echo, limits);
  EXPECT_NE(say("no json\n").find("invalid"), std::string::npos);
  EXPECT_NE(say("[1]\n").find("invalid"), std::string::npos);
  EXPECT_NE(say(std::string(900, '[') + "\n").find("invalid"), std::string::npos);
  EXPECT_NE(say(std::string(100'000, 'x')).find("too long"), std::string::npos);
  EXPECT_NE(say("{\"attachment_bytes\": 101}\n{}\n").find("split"), std::string::npos);
  EXPECT_NE(say("{\"attachment_bytes\": -1}\n").find("invalid"), std::string::npos);
  EXPECT_NE(say("{\"attachment_bytes\": \"1\"}\n").find("invalid"), std::string::npos);
  EXPECT_NE(say("{\"attachment_bytes\": 10}\nshort").find("whole"), std::string::npos);
  EXPECT_EQ(say("{\"half"), "");
  EXPECT_EQ(say(""), "");
  EXPECT_EQ(say("{\"a\":1}\n{\"a\":2}\n"), "{\"result\":{\"a\":1}}\n{\"result\":{\"a\":2}}\n");
  EXPECT_EQ(say("{\"a\":\"\xFF\"}\n").substr(0, 8), "{\"error\"");
  EXPECT_EQ(*ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(10)), json({{"result", {{"op", "x"}}}}));
}

// Goal: a client that says nothing, or half a line, holds its thread no longer than its time-out.
// Method: one thread, short time-outs, a silent client; the next client is served.
TEST_F(AdminChannelTest, ASilentClientDoesNotHoldTheServer) {
  AdminLimits limits;
  limits.threads = 1;
  limits.idle_timeout = Duration{20};
  limits.request_timeout = Duration{20};
  start(echo, limits);
  const store::FileDescriptor silent(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(connect(silent.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(send(silent.number(), "{", 1, MSG_NOSIGNAL), 1);
  EXPECT_TRUE(ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(30)));
}

// Goal: a handler that throws is an error of one request.
// Method: throw once, answer then.
TEST_F(AdminChannelTest, AFailedRequestIsAnError) {
  std::atomic<int> asked = 0;
  start([&](const json&) -> json {
    if (asked++ == 0) throw std::runtime_error("broken");
    return {{"result", 1}};
  });
  EXPECT_EQ(ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(10))->at("error").at("code"), "internal");
  EXPECT_TRUE(ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(10))->contains("result"));
}

// Goal: one file at a time is held in memory; the second is refused, and its bytes are not taken for requests.
// Method: a handler that waits with the first file while the second is sent.
TEST_F(AdminChannelTest, HoldsOneFileAtATime) {
  std::promise<void> has_first;
  std::promise<void> may_end;
  start([&, end = may_end.get_future().share()](const json&) -> json {
    has_first.set_value();
    end.wait();
    return {{"result", 1}};
  });
  std::string file(200'000, '\n');
  auto first =
      std::async(std::launch::async, [&] { return ask_admin(socket_, {{"op", "x"}}, file, seconds(30)); });
  has_first.get_future().wait();
  EXPECT_EQ(ask_admin(socket_, {{"op", "x"}}, file, seconds(30))->at("error").at("code"), "conflict");
  may_end.set_value();
  EXPECT_TRUE(first.get()->contains("result"));
}

// Goal: a stopped server answers what it has begun and leaves no socket behind; nobody there is `unavailable`.
// Method: stop while the handler waits; ask after.
TEST_F(AdminChannelTest, StopsInOrder) {
  std::promise<void> begun;
  std::promise<void> may_end;
  start([&, end = may_end.get_future().share()](const json&) -> json {
    begun.set_value();
    end.wait();
    return {{"result", 1}};
  });
  auto asked =
      std::async(std::launch::async, [&] { return ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(30)); });
  begun.get_future().wait();
  std::thread stopping([&] { server_.reset(); });
  may_end.set_value();
  stopping.join();
  EXPECT_TRUE(asked.get()->contains("result"));
  EXPECT_FALSE(std::filesystem::exists(socket_));
  EXPECT_FALSE(is_admin_served(socket_));
  const Result<json> answer = ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(1));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
}

// Goal: a server that lost its answer is not taken for one that did nothing.
// Method: a handler that outlasts the client's patience.
TEST_F(AdminChannelTest, AMissingAnswerIsSaidToBeUncertain) {
  std::promise<void> may_end;
  start([end = may_end.get_future().share()](const json&) -> json {
    end.wait();
    return {{"result", 1}};
  });
  const Result<json> answer = ask_admin(socket_, {{"op", "x"}}, std::nullopt, Duration{20});
  may_end.set_value();
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("may still"), std::string::npos);
}

// Goal: a path longer than a Unix address, even a name longer than one, works all the same.
// Method: a deep directory; a name of 200 characters; a stale socket in the way.
TEST_F(AdminChannelTest, ReachesPathsOfAnyLength) {
  const std::string deep = directory_ + "/" + std::string(100, 'd') + "/" + std::string(100, 'e');
  std::filesystem::create_directories(deep);
  for (const std::string& name : {std::string("jobrun.db.admin.sock"), std::string(200, 'n')}) {
    socket_ = deep + "/" + name;
    start(echo);
    EXPECT_TRUE(ask_admin(socket_, {{"op", "x"}}, std::nullopt, seconds(10)));
    server_.reset();
    EXPECT_TRUE(std::filesystem::is_empty(deep));
  }
  std::ofstream(socket_ = directory_ + "/stale") << "left behind";
  start(echo);
  EXPECT_TRUE(is_admin_served(socket_));
}

// Goal: one holder at a time; the second is told who the first is; a name and a link to it are one database.
// Method: acquire twice, by two names; let go; acquire.
TEST_F(AdminChannelTest, OneHolderOfADatabaseAtATime) {
  const std::string database = directory_ + "/jobrun.db";
  std::ofstream(database) << "";
  std::filesystem::create_symlink(database, directory_ + "/link.db");
  const DatabasePlace place = *place_of_database(database);
  const DatabasePlace linked = *place_of_database(directory_ + "/link.db");
  EXPECT_EQ(linked.lock_file, place.lock_file);
  {
    const Result<DatabaseLock> first = DatabaseLock::acquire(place, "jobrun serve", Duration{0});
    ASSERT_TRUE(first);
    const Result<DatabaseLock> second = DatabaseLock::acquire(linked, "another", Duration{0});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::conflict);
    EXPECT_NE(second.error().message.find("jobrun serve (process "), std::string::npos);
  }
  EXPECT_TRUE(DatabaseLock::acquire(place, "another", Duration{0}));
  EXPECT_FALSE(place_of_database(directory_ + "/absent/jobrun.db"));
}

// Goal: a lock file that was removed and made again does not let two in.
// Method: remove it under its holder; a third acquires the new file; who comes then is refused.
TEST_F(AdminChannelTest, ALockIsOfTheFileAtThePath) {
  const DatabasePlace place = *place_of_database(directory_ + "/jobrun.db");
  std::optional<Result<DatabaseLock>> first = DatabaseLock::acquire(place, "first", Duration{0});
  ASSERT_TRUE(*first);
  std::filesystem::remove(place.lock_file);
  const Result<DatabaseLock> second = DatabaseLock::acquire(place, "second", Duration{0});
  ASSERT_TRUE(second);
  first.reset();
  EXPECT_FALSE(DatabaseLock::acquire(place, "third", Duration{0}));
}

}  // namespace
}  // namespace jobrun::app
