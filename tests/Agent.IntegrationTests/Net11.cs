using System.Text;
using System.Text.RegularExpressions;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>
/// What ASP.NET Core 11 says otherwise than 10, and we leave as it says it. The snapshots are those of .NET 10; on .NET 11 the trees are compared with
/// these differences, and no others:
/// <list type="bullet">
/// <item>SignalR says on its spans how the connection goes: server.address, network.type, network.transport.</item>
/// <item>The route of a conventional endpoint is resolved: http.route is `Books/Index/{id?}`, which the span's name says on both, and no longer
/// `{controller=Books}/{action=Index}/{id?}`. In the framework's metrics, too, with which http.route goes (decision 9).</item>
/// <item>The server span has the client's address. The agent does not send it; an app that sends its spans itself does, as without us. So
/// what RabbitMQ.Client writes there of its own connection, taking the request's activity for its own, is there on .NET 10 only.</item>
/// </list>
/// </summary>
static partial class Net11
{
    static readonly string[] OfConnections = ["server.address", "network.type", "network.transport"];

    static readonly string[] OfClients = ["client.address", "network.peer.address"];

    /// <summary>Whether the tests, and so the apps, run on .NET 11.</summary>
    public static bool IsHere => Environment.Version.Major >= 11;

    /// <param name="span">A span.</param>
    /// <param name="attribute">One of its attributes.</param>
    /// <param name="sentByApp">It was sent by an OpenTelemetry of the app's.</param>
    public static bool Adds(ReceivedSpan span, string attribute, bool sentByApp) => IsHere && span.ScopeName switch
    {
        "Microsoft.AspNetCore.SignalR.Server" => OfConnections.Contains(attribute),
        "Microsoft.AspNetCore" => sentByApp && OfClients.Contains(attribute),
        _ => false,
    };

    /// <summary>What a snapshot says of .NET 11.</summary>
    public static string Expected(string snapshot)
    {
        if (!IsHere)
            return snapshot;
        var expected = new StringBuilder();
        var (route, isRequest) = ("", false);
        foreach (var line in snapshot.Split('\n'))
        {
            if (Span().Match(line) is { Success: true } span)
                route = span.Groups["route"].Value;
            if (Head().IsMatch(line))
                isRequest = line.EndsWith("server   Microsoft.AspNetCore", StringComparison.Ordinal);
            if (isRequest && Array.Exists(OfClients, attribute => line.Contains($" {attribute}: ", StringComparison.Ordinal)))
                continue;
            expected.Append(ConventionalRoute().Replace(line, $"http.route: {route}")).Append('\n');
        }
        return expected.ToString(0, expected.Length - 1);
    }

    /// <summary>
    /// A stack trace without what runtime-async code adds to it where an exception comes out of a task that had ended when it was awaited: a frame of the
    /// runtime's, and that of the method once more. Where it had to wait there is neither, so one and the same app has it in some runs.
    /// </summary>
    public static string WithoutAwaits(string stackTrace) => Await().Replace(stackTrace, "$1");

    [GeneratedRegex(@"^(   at .*\n)   at System\.Runtime\.CompilerServices\.AsyncHelpers\.TransparentAwait.*\n\1", RegexOptions.Multiline)]
    private static partial Regex Await();

    /// <summary>A line with a span: its name, of a word and a route, its kind, its scope.</summary>
    [GeneratedRegex(@"^[│├└─ ]*[^│├└─ ]+ (?<route>\S+) +(server|internal) +\S+$")]
    private static partial Regex Span();

    /// <summary>Any line with a span.</summary>
    [GeneratedRegex(@" (server|client|internal|producer|consumer) +\S+$")]
    private static partial Regex Head();

    [GeneratedRegex(@"http\.route: \S*\{controller=\S*")]
    private static partial Regex ConventionalRoute();
}
