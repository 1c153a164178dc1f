using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>What a memory cache has not had, and is made while it is asked. A hit has no span.</summary>
[TestClass]
public sealed class CachesTests : DatabasesTest
{
    [TestMethod]
    public Task Miss_and_hit() => Traced("/cache/sync");

    [TestMethod]
    public Task Asynchronous_miss_and_hit() => Traced("/cache/async");

    [TestMethod]
    public Task Overloads_with_options() => Traced("/cache/options");

    /// <summary>A cached task: made by a call that does not wait for it.</summary>
    [TestMethod]
    public Task Task_as_value() => Traced("/cache/task");

    [TestMethod]
    public Task Miss_within_a_miss() => Traced("/cache/nested");

    [TestMethod]
    public Task Misses_at_the_same_time() => Traced("/cache/parallel");

    [TestMethod]
    public Task Factory_that_throws() => Traced("/cache/fail/sync", HttpStatusCode.InternalServerError);

    [TestMethod]
    public Task Asynchronous_factory_that_throws() => Traced("/cache/fail/async", HttpStatusCode.InternalServerError);

    /// <summary>No factory, so what is done between the two is not known.</summary>
    [TestMethod]
    public Task Value_that_is_set() => Traced("/cache/set");

    [TestMethod]
    public Task Switched_off() => Traced(("OTEL_DOTNET_AUTO_TRACES_MEMORYCACHE_INSTRUMENTATION_ENABLED", "false"), "/cache/nested");

    static Task Traced(string path, HttpStatusCode expected = HttpStatusCode.OK, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Traced(("Unused", null), path, expected, file, test: test);

    static Task Traced((string, string?) setting, string path, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Traced(setting, path, HttpStatusCode.OK, file, test: test);
}
