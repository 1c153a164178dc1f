using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Libraries of many kinds, and what is seen of them.</summary>
[TestClass]
public sealed class WorkshopTests
{
    /// <summary>Also says why it fails, which the library's own span does not.</summary>
    [TestMethod]
    public async Task Mail()
    {
        using var server = new FakeMailServer();
        await Run([("/mail?to=ada@example.org", "sent"), ("/mail?to=nobody@example.org", "MailboxUnavailable")], settings: [("Workshop__Mail", $"{server.Port}")]);
    }

    /// <summary>Not the second time.</summary>
    [TestMethod]
    public Task What_a_cache_does_not_have() => Run([("/cache?key=s3cret", "made"), ("/cache?key=s3cret", "made"), ("/cache/broken", "It cannot be made.")]);

    /// <summary>Not the second time; and a factory that fails is an error although the app gets an old value.</summary>
    [TestMethod]
    public Task What_a_FusionCache_does_not_have() => Run([("/fusion?key=s3cret", "made"), ("/fusion?key=s3cret", "made"), ("/fusion/sync?key=s3cret2", "made 60"), ("/fusion/broken", "old")]);

    [TestMethod]
    public Task LiteDB() => Run([("/litedb?name=s3cret", "S3CRET"), ("/litedb/twice", "110")]);

    /// <summary>Needs Debian's libsqliteodbc.</summary>
    [TestMethod]
    public async Task Odbc()
    {
        if (!File.Exists("/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so"))
            Assert.Inconclusive("libsqliteodbc is not installed.");
        await Run([("/odbc?name=s3cret", "s3cret")]);
    }

    /// <summary>Nothing of keys and values, not even where a library puts them into the message of its exception.</summary>
    [TestMethod]
    public async Task Redis_clients()
    {
        await using var server = await Servers.StartRedis();
        server.MustBeThere();
        await using var app = await TracedApp.Start("Workshop", ("AGENT_MIDDLEWARE", "none"), ("Workshop__Redis", $"127.0.0.1:{server.Port}"));
        await app.Answers(("/freeredis?name=s3cret", "s3cret"), ("/freeredis/pipe?name=s3cret", "s3cret"), ("/freeredis/wrong", "wrong"), ("/csredis?name=s3cret", "s3cret"), ("/csredis/pipe?name=s3cret", "s3cret"));
        foreach (var path in (string[])["/csredis/wrong", "/freeredis/shards"]) // nobody catches it
        {
            using var failed = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.AreEqual(HttpStatusCode.InternalServerError, failed.StatusCode);
        }
        Snapshot.Matches(await app.StopQuiet());
    }

    /// <summary>Two calls, of which the slower one is cancelled.</summary>
    [TestMethod]
    public async Task Hedged_call()
    {
        using var site = new HttpSite(async context =>
        {
            if (context.Request.Headers["attempt"] == "1")
                return; // never answered
            await context.Response.OutputStream.WriteAsync("quick"u8.ToArray());
            context.Response.Close();
        });
        await Run([("/hedged", "quick")], settings: [("Workshop__Site", site.Address)]);
    }

    /// <summary>The library catches what the app's handler throws.</summary>
    [TestMethod]
    public Task Message_whose_handler_throws() => Run([("/queue?text=good", "done"), ("/queue?text=bad", "Nobody can do that.")]);

    /// <summary>That a processor wakes up, and there is nothing, is no trace.</summary>
    [TestMethod]
    public Task Events_whose_handler_throws() => Run([("/hub?text=good", "1 events"), ("/hub?text=", "0 events"), ("/hub?text=bad", "Nobody can do that.")]);

    [TestMethod]
    public async Task Databases_for_analysis()
    {
        using var server = new HttpSite(context =>
        {
            context.Response.Close();
            return Task.CompletedTask;
        });
        await Run([("/duckdb?name=s3cret", "s3cret"), ("/duckdb/appender?name=s3cret", "1"), ("/clickhouse?name=s3cret", "0"), ("/clickhouse/client?name=s3cret", "0")], settings: [("Workshop__ClickHouse", $"Host=127.0.0.1;Port={new Uri(server.Address).Port};Username=u;Password=s3cret;Compression=false")]);
    }

    /// <summary>A daemon looks for new events every second; what it does with them is traced, the looking is not.</summary>
    [TestMethod]
    [DataRow("false")]
    [DataRow("true")]
    public async Task Daemon_that_looks_for_events(string polling)
    {
        await using var server = await Servers.StartPostgres();
        server.MustBeThere();
        await using var app = await TracedApp.Start("Workshop", ("Workshop__Postgres", $"Host=127.0.0.1;Port={server.Port};Username=shop;Database=postgres"), ("AGENT_POLLING", polling));
        foreach (var _ in (int[])[1, 2]) // the first waits until the daemon runs: how that starts is not its polling
            Assert.AreEqual("London", await app.Client.GetStringAsync(new Uri("/trip?to=London", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        var roots = traces.SelectMany(trace => trace.Roots).Select(root => root.Span).ToList();
        var second = roots.Where(root => root.Name == "GET /trip").Max(root => root.StartUnixNano);
        var said = string.Join('\n', roots.Select(root => $"{root.ScopeName} {root.Name}"));
        Assert.AreEqual(polling == "true", roots.Any(root => root.Name == "marten.daemon.highwatermark"), said);
        Assert.IsTrue(roots.Any(root => root.Name == "marten.trip.all.page.execution"), said);
        Assert.IsFalse(roots.Any(root => root.ScopeName == "Npgsql" && root.StartUnixNano > second), said);
    }

    static async Task Run((string Path, string Answer)[] requests, (string Name, string? Value)[]? settings = null, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Workshop", [("AGENT_MIDDLEWARE", "none"), .. settings ?? []]);
        await app.Answers(requests);
        Snapshot.Matches(await app.StopQuiet(), test: test);
    }
}
