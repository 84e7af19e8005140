#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/api.h"
#include "api/field.h"

/* A client whose answer is there already; the other side has then ended. */
static struct api_client *
answered(const char *text, size_t len, int *engine)
{
	struct api_client *c;
	int sv[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	assert_int_equal(write(sv[1], text, len), len);
	shutdown(sv[1], SHUT_WR);
	c = api_client_new(sv[0]);
	assert_non_null(c);
	*engine = sv[1];
	return c;
}

/* What a call comes to that is answered by `text`. */
static int
call(const char *text, json_t **ok, struct fault *f)
{
	struct api_client *c;
	int engine, rc;

	c = answered(text, strlen(text), &engine);
	memset(f, 0, sizeof(*f));
	rc = api_call(c, "peer_list", json_pack("{s:i}", "asn", 1), ok, f);
	api_client_free(c);
	close(engine);
	return rc;
}

static void
asks_in_one_line(void **state)
{
	static const char answer[] = "{\"ok\":{\"n\":7}}\n";
	struct api_client *c;
	json_t *ok = NULL;
	struct fault f;
	char text[256];
	int engine;
	ssize_t n;

	(void)state;
	c = answered(answer, sizeof(answer) - 1, &engine);
	assert_int_equal(
	    api_call(c, "peer_list", json_pack("{s:i}", "asn", 1), &ok, &f), 0);
	assert_int_equal(field_number(ok, "n"), 7);
	json_decref(ok);
	n = read(engine, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(
	    text, "{\"op\":\"peer_list\",\"args\":{\"asn\":1}}\n");
	assert_false(api_client_ended(c));
	/* The other side has ended: said now, and from now on. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    api_call(c, "hello", NULL, &ok, &f), FAULT_AWAY);
		assert_true(api_client_ended(c));
	}
	api_client_free(c);
	close(engine);
}

static void
hands_faults_on(void **state)
{
	json_t *ok = NULL;
	struct fault f;

	(void)state;
	assert_int_equal(
	    call("{\"error\":{\"code\":\"taken\",\"field\":\"key\","
		 "\"text\":\"used \\u001b[2J\"}}\n",
		&ok, &f),
	    FAULT_TAKEN);
	assert_string_equal(f.field, "key");
	assert_string_equal(f.text, "used ?[2J");
	assert_int_equal(call("{\"error\":{\"code\":\"strange\"}}\n", &ok, &f),
	    FAULT_SYSTEM);
	assert_null(ok);
}

/* All that is wrong with a network file comes beside the fault, once. */
static void
keeps_problems_of_the_last_answer(void **state)
{
	static const char answers[] =
	    "{\"error\":{\"code\":\"invalid\",\"problems\":[{\"line\":3},"
	    "{\"line\":9}]}}\n";
	struct api_client *c;
	json_t *ok = NULL;
	struct fault f;
	int engine;

	(void)state;
	c = answered(answers, sizeof(answers) - 1, &engine);
	assert_null(api_problems(c));
	assert_int_equal(api_call(c, "reload", NULL, &ok, &f), FAULT_INVALID);
	assert_int_equal(json_array_size(api_problems(c)), 2);
	assert_int_equal(api_call(c, "reload", NULL, &ok, &f), FAULT_AWAY);
	assert_null(api_problems(c));
	api_client_free(c);
	close(engine);
}

static void
refuses_what_is_no_answer(void **state)
{
	static const char *const bad[] = { "\n", "{}\n", "[]\n", "{\"ok\":1}\n",
		"{\"error\":\"x\"}\n", "{\"ok\":{}}{\"ok\":{}}\n",
		"{\"ok\":{\"a\":1,\"a\":2}}\n", "{\"ok\":{\"a\":\"\xff\"}}\n" };
	json_t *ok = NULL;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(call(bad[i], &ok, &f), FAULT_SYSTEM);
	assert_int_equal(call("{\"ok\":{}", &ok, &f), FAULT_AWAY);
	assert_int_equal(call("", &ok, &f), FAULT_AWAY);
	assert_null(ok);
}

/* An engine that never ends its line. */
static void
bounds_the_answer(void **state)
{
	static char block[65536];
	struct api_client *c;
	json_t *ok = NULL;
	struct fault f;
	int sv[2];
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(sv[0]);
		memset(block, ' ', sizeof(block));
		while (send(sv[1], block, sizeof(block), MSG_NOSIGNAL) > 0)
			;
		_exit(0);
	}
	close(sv[1]);
	c = api_client_new(sv[0]);
	assert_non_null(c);
	assert_int_equal(api_call(c, "hello", NULL, &ok, &f), FAULT_LIMIT);
	assert_true(api_client_ended(c));
	api_client_free(c);
	waitpid(pid, NULL, 0);
}

static void
bounds_the_question(void **state)
{
	char *text = malloc(API_QUERY_MAX + 1);
	struct api_client *c;
	json_t *ok = NULL;
	struct fault f;
	int engine;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', API_QUERY_MAX);
	text[API_QUERY_MAX] = '\0';
	c = answered("", 0, &engine);
	assert_int_equal(api_call(c, "peer_create",
			     json_pack("{s:s}", "key", text), &ok, &f),
	    FAULT_LIMIT);
	assert_false(api_client_ended(c));
	api_client_free(c);
	close(engine);
	free(text);
}

/* Of two parts and an answer: how many are taken by one who wants `most`. */
struct taker {
	int taken, most;
};

static bool
take(void *arg, const json_t *part)
{
	struct taker *t = arg;

	assert_true(field_flag(part, "is"));
	return ++t->taken < t->most;
}

/* Streams, with a stop that is there or not; true if it was stopped. */
static bool
stream(struct taker *t, bool stop)
{
	static const char answers[] = "{\"part\":{\"is\":true}}\n"
				      "{\"part\":{\"is\":true}}\n"
				      "{\"ok\":{\"n\":7}}\n";
	struct api_client *c;
	json_t *ok = NULL;
	struct fault f;
	char text[256];
	int engine, ends[2];
	bool stopped;
	ssize_t n;

	c = answered(answers, sizeof(answers) - 1, &engine);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", stop), stop);
	api_client_stop_on(c, ends[0]);
	assert_int_equal(api_stream(c, "ping", NULL, take, t, &ok, &f), 0);
	assert_int_equal(field_number(ok, "n"), 7);
	json_decref(ok);
	stopped = api_stopped(c);
	n = read(engine, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, stopped
				      ? "{\"op\":\"ping\"}\n{\"op\":\"stop\"}\n"
				      : "{\"op\":\"ping\"}\n");
	close(ends[0]);
	close(ends[1]);
	close(engine);
	api_client_free(c);
	return stopped;
}

static void
stops_a_stream(void **state)
{
	struct taker all = { .most = 3 }, one = { .most = 1 };
	struct taker none = { .most = 3 };

	(void)state;
	assert_false(stream(&all, false));
	assert_int_equal(all.taken, 2);
	assert_true(stream(&one, false));
	assert_int_equal(one.taken, 1);
	assert_true(stream(&none, true));
	assert_int_equal(none.taken, 0);
}

static void
says_that_nobody_listens(void **state)
{
	struct api_client *c = NULL;
	struct fault f;

	(void)state;
	assert_int_equal(
	    api_client_connect(&c, "/nonexistent/control.sock", &f),
	    FAULT_AWAY);
	assert_null(c);
	assert_non_null(strstr(f.text, "/nonexistent/control.sock"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_in_one_line),
		cmocka_unit_test(hands_faults_on),
		cmocka_unit_test(keeps_problems_of_the_last_answer),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(bounds_the_answer),
		cmocka_unit_test(bounds_the_question),
		cmocka_unit_test(stops_a_stream),
		cmocka_unit_test(says_that_nobody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
