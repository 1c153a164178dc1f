using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Clients that hang, trickle, leave and do not read: others are answered meanwhile.</summary>
[TestClass]
public sealed class SlowClientTests(TestContext context)
{
    // A loaded machine's slowness, not that of waiting for somebody.
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    CancellationToken Stop => context.CancellationToken;

    [TestMethod]
    public async Task Who_sends_nothing_or_announces_much_keeps_nobody_from_sending_and_asking()
    {
        await using var held = await Held.StartAsync(context);
        var clients = new List<TcpClient>();
        try
        {
            foreach (var port in (int[])[held.Server.Endpoint.Port, held.Server.HttpEndpoint.Port, held.Server.GrpcEndpoint.Port])
            {
                foreach (var start in (string[])["", "G", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 67108864\r\n\r\n",
                    "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
                {
                    for (var i = 0; i < 40; i++)
                    {
                        var client = new TcpClient();
                        clients.Add(client);
                        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start), Stop);
                    }
                }
            }

            await OthersAsync(held);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }

        // Gone in the middle.
        await OthersAsync(held);
    }

    [TestMethod]
    public async Task Who_reads_nothing_keeps_nobody_waiting_and_followers_leave_room()
    {
        await using var held = await Held.StartAsync(context);
        for (var i = 0; i < 10; i++)
            await held.SendAsync(Hostile.Request(Enumerable.Range(1, 1000).Select(id => Hostile.Span(i + 1, id, id - 1, new string('n', 100) + id))));
        var clients = new List<TcpClient>();
        try
        {
            foreach (var path in (string[])["/api/traces", "/api/otlp/traces", "/", "/trace/1?open=all"])
            {
                for (var i = 0; i < 10; i++)
                    clients.Add(await AskAsync(held, path));
            }

            var followers = new List<TcpClient>();
            for (var i = 0; i < 60; i++)
            {
                followers.Add(await AskAsync(held, "/api/otlp/traces?follow=true"));
                // The answer begins at once, so it is known which of them were the first.
                var line = new byte[12];
                await followers[^1].GetStream().ReadExactlyAsync(line, Stop);
                Assert.AreEqual(i < 50 ? "HTTP/1.1 200" : "HTTP/1.1 503", Encoding.ASCII.GetString(line), $"{i}");
            }

            clients.AddRange(followers);
            await OthersAsync(held);
            await OthersAsync(held);
            foreach (var follower in followers)
                follower.Dispose();
            // Who has left makes room.
            for (var waited = Stopwatch.GetTimestamp(); ;)
            {
                using var answer = await held.Client.GetAsync(new Uri("/api/otlp/traces?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Stop);
                if (answer.StatusCode == HttpStatusCode.OK)
                    break;
                Assert.IsLessThan(TimeSpan.FromSeconds(20), Stopwatch.GetElapsedTime(waited));
            }
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    [TestMethod]
    public async Task Many_large_messages_at_once_are_refused_before_they_fill_the_memory()
    {
        await using var held = await Held.StartAsync(context);
        using var client = new HttpClient { BaseAddress = held.Server.GrpcEndpoint };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        // Each sends all but the last byte of 60 MiB: four of them stay below what is received at once, and the sixth is beyond it.
        Task<HttpResponseMessage>[] calls = [.. Enumerable.Range(0, 6).Select(_ => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Headers = { { "TE", "trailers" } },
                Content = new Unfinished(60 << 20, leave.Token),
            },
            HttpCompletionOption.ResponseHeadersRead, leave.Token))];
        using (var refused = await await Task.WhenAny(calls))
        {
            Assert.AreEqual("14", string.Concat(refused.Headers.TryGetValues("grpc-status", out var status) ? status : []), "UNAVAILABLE: to be sent again.");
            Assert.Contains("being received already", Uri.UnescapeDataString(string.Concat(refused.Headers.GetValues("grpc-message"))));
        }

        await leave.CancelAsync();
        await Task.WhenAll(calls.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What has been given up makes room.
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(held.Server.GrpcEndpoint);
        await new Protos.TraceService.TraceServiceClient(channel).ExportAsync(Hostile.Request(Hostile.Span(1, 1, 0)), cancellationToken: Stop);
        await OthersAsync(held);
    }

    async Task OthersAsync(Held held)
    {
        var started = Stopwatch.GetTimestamp();
        await held.SendAsync(Hostile.Request(Enumerable.Range(1, 500).Select(static id => Hostile.Span(1_000_000, id, id - 1))));
        foreach (var path in (string[])["/", "/api/services", "/trace/f4240", "/live"])
            Assert.AreEqual(200, (await held.GetAsync(path)).Status, path);
        Assert.IsLessThan(Soon, Stopwatch.GetElapsedTime(started));
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(held.Server.GrpcEndpoint);
        await new Protos.TraceService.TraceServiceClient(channel).ExportAsync(Hostile.Request(Hostile.Span(1_000_001, 1, 0)), cancellationToken: Stop);
        Assert.IsLessThan(Soon, Stopwatch.GetElapsedTime(started));
    }

    async Task<TcpClient> AskAsync(Held held, string path)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, held.Server.Endpoint.Port, Stop);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Stop);
        return client;
    }

    /// <summary>A message of gRPC whose last byte does not come.</summary>
    sealed class Unfinished : HttpContent
    {
        readonly int _length;
        readonly CancellationToken _leave;

        public Unfinished(int length, CancellationToken leave)
        {
            (_length, _leave) = (length, leave);
            Headers.ContentType = new("application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var prefix = new byte[5];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), _length);
            await stream.WriteAsync(prefix, _leave);
            var part = new byte[1 << 20];
            for (var left = _length - 1; left > 0; left -= part.Length)
                await stream.WriteAsync(part.AsMemory(0, Math.Min(left, part.Length)), _leave);
            await stream.FlushAsync(_leave);
            await Task.Delay(Timeout.Infinite, _leave);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
