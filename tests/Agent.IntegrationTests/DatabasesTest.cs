using System.Net;
using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>Requests to the test app «Databases», and their whole trees.</summary>
public abstract class DatabasesTest
{
    private protected static async Task Traced((string Name, string? Value) setting, string path, HttpStatusCode expected, string file, string? before = null, bool hasTelemetry = false, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Databases", ("AGENT_MIDDLEWARE", "none"), ("Telemetry", $"{hasTelemetry}"), setting);
        if (before is not null)
            Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(app.Client, before));
        Assert.AreEqual(expected, await Storefront.Get(app.Client, path));
        var (traces, ended) = await app.Stop();
        Assert.DoesNotContain(" failed in ", ended.Error); // so a patch says that it has
        Snapshot.Matches(traces.Skip(before is null ? 0 : 1), sentByApp: hasTelemetry, file, test);
    }
}
