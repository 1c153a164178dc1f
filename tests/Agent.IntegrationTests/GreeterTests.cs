using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Greeter.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using static Greeter.Protos.Greeter;

namespace Agent.IntegrationTests;

/// <summary>gRPC: the four kinds of methods, and every way a call can end.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class GreeterTests
{
    /// <summary>In each message and in the metadata; must be in no trace.</summary>
    const string Secret = "sesame";

    static readonly Metadata Metadata = new() { { "token", Secret } };

    [TestMethod]
    public Task Unary() => Called(async client => Assert.AreEqual($"Hello, {Secret}!", (await client.SayHelloAsync(Hello(), Metadata)).Message));

    [TestMethod]
    public Task Server_streaming() => Called(async client =>
    {
        using var call = client.SayHelloOften(new OftenRequest { Hello = Hello(), Times = 2 }, Metadata);
        Assert.AreEqual(2, await call.ResponseStream.ReadAllAsync().CountAsync());
        Assert.AreEqual(StatusCode.OK, call.GetStatus().StatusCode);
    });

    [TestMethod]
    public Task Client_streaming() => Called(async client =>
    {
        using var call = client.SayHelloToAll(Metadata);
        await call.RequestStream.WriteAsync(Hello());
        await call.RequestStream.WriteAsync(Hello("de"));
        await call.RequestStream.CompleteAsync();
        Assert.AreEqual($"Hello, {Secret}! Hallo {Secret}!", (await call).Message);
    });

    [TestMethod]
    public Task Duplex_streaming() => Called(async client =>
    {
        using var call = client.Converse(Metadata);
        foreach (var language in (string[])["en", "de"])
        {
            await call.RequestStream.WriteAsync(Hello(language));
            Assert.IsTrue(await call.ResponseStream.MoveNext());
        }
        await call.RequestStream.CompleteAsync();
        Assert.IsFalse(await call.ResponseStream.MoveNext());
    });

    [TestMethod]
    public Task Status_for_what_is_not_valid() => Refused(StatusCode.InvalidArgument, Hello("xx"));

    [TestMethod]
    public Task Status_for_what_the_client_does_wrong() => Refused(StatusCode.NotFound, Hello("la"));

    [TestMethod]
    public Task Status_for_what_the_server_cannot_do() => Refused(StatusCode.Unavailable, Hello("eo"));

    [TestMethod]
    public Task Exception() => Refused(StatusCode.Unknown, Hello("tlh"));

    [TestMethod]
    public Task Status_of_a_stream_without_messages() => RefusedAfter(0, StatusCode.OutOfRange);

    [TestMethod]
    public Task Exception_after_messages() => RefusedAfter(3, StatusCode.Unknown);

    [TestMethod]
    public Task Exception_while_the_client_sends() => Called(async client =>
    {
        using var call = client.Converse(Metadata);
        await call.RequestStream.WriteAsync(Hello("tlh"));
        await Fails(StatusCode.Unknown, () => call.ResponseStream.MoveNext());
    });

    [TestMethod]
    public Task Method_that_nobody_has_written() => Called(client => Fails(StatusCode.Unimplemented, async () => await client.SayGoodbyeAsync(Hello(), Metadata)));

    [TestMethod]
    public Task Client_that_cancels() => Called(async client =>
    {
        using var call = client.SayHelloOften(new OftenRequest { Hello = Hello(), Times = 2, PauseMilliseconds = int.MaxValue }, Metadata);
        Assert.IsTrue(await call.ResponseStream.MoveNext());
        call.Dispose();
    });

    /// <summary>With a client that has no deadline of its own: the usual one cancels when its deadline passes, and may be the first to.</summary>
    [TestMethod]
    public Task Deadline() => Posted("/greet.Greeter/SayHelloOften", new OftenRequest { Hello = Hello(), Times = 2, PauseMilliseconds = int.MaxValue }, "4", timeout: "2S");

    [TestMethod]
    public Task Unknown_method() => Posted("/greet.Greeter/SayNothing", Hello(), "12");

    [TestMethod]
    public Task Unknown_service() => Posted("/greet.Nobody/SayHello", Hello(), "12");

    /// <summary>Its trailers are in the body, where the client finds them last.</summary>
    [TestMethod]
    public async Task Web()
    {
        var body = await Posted("/greet.Greeter/SayHelloOften", new OftenRequest { Hello = Hello(), Times = 3 }, status: null, contentType: "application/grpc-web");
        StringAssert.Contains(body, "grpc-status: 2");
    }

    [TestMethod]
    public Task Wrong_content_type() => Posted("/greet.Greeter/SayHello", Hello(), "13", contentType: "application/json", expected: HttpStatusCode.UnsupportedMediaType);

    [TestMethod]
    public Task Exception_without_patches() => Called(async client =>
    {
        using var call = client.SayHelloOften(new OftenRequest { Hello = Hello(), Times = 3 }, Metadata);
        await Fails(StatusCode.Unknown, async () => await call.ResponseStream.ReadAllAsync().CountAsync());
    }, [("DOTNET_EnableDiagnostics", "0")]);

    static HelloRequest Hello(string language = "en") => new() { Name = Secret, Language = language };

    static Task Refused(StatusCode expected, HelloRequest request, [CallerMemberName] string test = "") =>
        Called(client => Fails(expected, async () => await client.SayHelloAsync(request, Metadata)), test: test);

    static Task RefusedAfter(int messages, StatusCode expected, [CallerMemberName] string test = "") => Called(async client =>
    {
        using var call = client.SayHelloOften(new OftenRequest { Hello = Hello(), Times = messages }, Metadata);
        for (var i = 0; i < messages; i++)
            Assert.IsTrue(await call.ResponseStream.MoveNext());
        await Fails(expected, () => call.ResponseStream.MoveNext());
    }, test: test);

    static async Task Fails(StatusCode expected, Func<Task> call) =>
        Assert.AreEqual(expected, (await Assert.ThrowsExactlyAsync<RpcException>(call)).StatusCode);

    static async Task Called(Func<GreeterClient, Task> call, (string, string?)[]? environment = null, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Greeter", environment ?? []);
        using var channel = GrpcChannel.ForAddress(app.Client.BaseAddress!); // closed last, so that no call looks aborted
        await call(new GreeterClient(channel));
        await Matches(app, test);
    }

    /// <summary>A call with nothing but HTTP.</summary>
    static async Task<string> Posted(string path, IMessage message, string? status, string contentType = "application/grpc", string? timeout = null,
        HttpStatusCode expected = HttpStatusCode.OK, [CallerMemberName] string test = "")
    {
        await using var app = await TracedApp.Start("Greeter");
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // Not compressed, and its length.
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)message.CalculateSize(), .. message.ToByteArray()]) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
            Headers = { { "te", "trailers" }, { "token", Secret } },
        };
        if (timeout is not null)
            request.Headers.Add("grpc-timeout", timeout);
        using var response = await app.Client.SendAsync(request);
        Assert.AreEqual(expected, response.StatusCode);
        Assert.AreEqual(status, response.Headers.Concat(response.TrailingHeaders).SingleOrDefault(header => header.Key == "grpc-status").Value?.Single());
        var body = await response.Content.ReadAsStringAsync();
        await Matches(app, test);
        return body;
    }

    static async Task Matches(TracedApp app, string test)
    {
        var (traces, _) = await app.Stop();
        foreach (var span in traces.SelectMany(trace => trace.Nodes).Select(node => node.Span))
        {
            var values = span.Attributes.Concat(span.Events.SelectMany(@event => @event.Attributes)).Select(attribute => $"{attribute.Value}");
            foreach (var said in (string?[])[span.Name, span.StatusMessage, .. values])
                Assert.IsFalse(said?.Contains(Secret, StringComparison.OrdinalIgnoreCase) ?? false, $"{span.Name} says {said}");
        }
        Snapshot.Matches(traces, test: test);
    }
}
