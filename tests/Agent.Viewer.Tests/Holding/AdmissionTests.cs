using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Who may ask and send, and what every answer says to browsers.</summary>
[TestClass]
public sealed class AdmissionTests(TestContext context)
{
    CancellationToken Stop => context.CancellationToken;

    [TestMethod]
    public async Task Only_names_of_this_machine_are_answered()
    {
        await using var held = await Held.StartAsync(context, new ViewerOptions { HostNames = ["viewer.test"] });
        foreach (var (host, isOurs) in ((string, bool)[])
        [
            ("localhost", true), ("LOCALHOST:1", true), ("127.0.0.1", true), ("127.0.0.1:80", true), ("127.9.9.9", true), ("[::1]", true), ("[::1]:80", true), ("[::ffff:127.0.0.1]", true), ("shop.localhost", true), ("viewer.test", true), ("viewer.test:5", true),
            ("host.docker.internal", true), ("evil.test", false), ("localhost.evil.test", false), ("127.0.0.1.evil.test", false), ("evil.localhost.test", false), ("evillocalhost", false), ("10.0.0.1", false), ("0.0.0.0", false), ("[::]", false),
            ("[2001:db8::1]", false), ("viewer.test.evil", false), ("", false), ("a.viewer.test", false),
        ])
        {
            foreach (var (port, path) in ((int, string)[])[(held.Server.Endpoint.Port, "GET /"), (held.Server.Endpoint.Port, "GET /api/services"), (held.Server.Endpoint.Port, "GET /assets/viewer.js"), (held.Server.HttpEndpoint.Port, "GET /")])
            {
                var answer = await RawAsync(port, $"{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
                // Kestrel refuses by itself what cannot be asked for.
                Assert.StartsWith(isOurs ? "HTTP/1.1 200 " : host == "[::]" ? "HTTP/1.1 400 " : "HTTP/1.1 421 ", answer, $"{host} {path}");
            }
        }

        Assert.StartsWith("HTTP/1.1 400 ", await RawAsync(held.Server.Endpoint.Port, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 421 ", await RawAsync(held.Server.Endpoint.Port, "GET / HTTP/1.0\r\n\r\n"));
    }

    [TestMethod]
    public async Task A_token_is_asked_for_on_every_port_and_path()
    {
        await using var held = await Held.StartAsync(context, new ViewerOptions { Token = "s3cret" });
        var one = Hostile.Request(Hostile.Span(1, 1, 0)).ToByteArray();
        foreach (var pattern in held.Patterns.Append("/nothing").Append("//evil.test/"))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(pattern, "{[^}]*}", "1");
            foreach (var shown in (string[])["", "Authorization: Bearer x\r\n", "Authorization: Basic s3cret\r\n", "Authorization: s3cret\r\n", "Cookie: agent-viewer=x\r\n", "Cookie: other=s3cret\r\n", "Authorization: Bearer \r\n"])
                Assert.StartsWith("HTTP/1.1 401 ", await RawAsync(held.Server.Endpoint.Port, $"GET {path} HTTP/1.1\r\nHost: any.test\r\nConnection: close\r\n{shown}\r\n"), $"{path} {shown}");
            Assert.StartsWith("HTTP/1.1 401 ", await RawAsync(held.Server.Endpoint.Port, $"GET {path}?token=s3cre HTTP/1.1\r\nHost: any.test\r\nConnection: close\r\n\r\n"), path);
        }

        Assert.AreEqual(401, (await held.PostAsync(one)).Status);
        Assert.AreEqual(401, (await held.PostAsync(one, path: "/v1/traces?token=s3cret")).Status, "A page may not plant traces by an address.");
        foreach (var shown in (string[])["Authorization: Bearer s3cret\r\n", "authorization: bearer s3cret\r\n", "Cookie: agent-viewer=s3cret\r\n"])
            Assert.StartsWith("HTTP/1.1 200 ", await RawAsync(held.Server.Endpoint.Port, $"GET / HTTP/1.1\r\nHost: any.test\r\nConnection: close\r\n{shown}\r\n"), shown);
        var moved = await RawAsync(held.Server.Endpoint.Port, "GET //evil.test/?a=1&token=s3cret HTTP/1.1\r\nHost: any.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 302 ", moved);
        Assert.Contains("\r\nLocation: /evil.test/?a=1\r\n", moved, "It leads to no other server.");
        Assert.Contains("httponly", moved);
        Assert.Contains("samesite=strict", moved);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(held.Server.GrpcEndpoint);
        var service = new Protos.TraceService.TraceServiceClient(channel);
        await Assert.ThrowsExactlyAsync<Grpc.Core.RpcException>(async () => await service.ExportAsync(new(), cancellationToken: Stop));
        await service.ExportAsync(new(), new Grpc.Core.Metadata { { "authorization", "Bearer s3cret" } }, cancellationToken: Stop);
    }

    [TestMethod]
    public async Task Every_answer_tells_browsers_to_run_nothing_and_to_hand_on_nothing()
    {
        await using var held = await Held.StartAsync(context);
        await held.SendAsync(Hostile.Request(Hostile.Span(1, 1, 0)));
        foreach (var path in held.Patterns.Where(static pattern => !pattern.StartsWith("/opentelemetry", StringComparison.Ordinal)).Select(static pattern => System.Text.RegularExpressions.Regex.Replace(pattern, "{[^}]*}", "1")).Append("/nothing"))
        {
            foreach (var method in (string[])["GET", "POST", "OPTIONS", "HEAD"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
                request.Headers.Add("Origin", "http://evil.test");
                request.Headers.Add("Access-Control-Request-Method", "POST");
                using var answer = await held.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
                var headers = answer.Headers.ToString();
                Assert.IsLessThan(500, answer.StatusCode == HttpStatusCode.NotImplemented ? 0 : (int)answer.StatusCode, $"{method} {path}");
                Assert.DoesNotContain("Access-Control", headers, $"{method} {path}");
                Assert.Contains("X-Content-Type-Options: nosniff", headers, $"{method} {path}");
                Assert.Contains("Referrer-Policy: no-referrer", headers, $"{method} {path}");
                Assert.Contains("Content-Security-Policy: default-src 'none'; script-src 'self';", headers, $"{method} {path}");
                Assert.DoesNotContain("unsafe", headers, $"{method} {path}");
                Assert.Contains(path.StartsWith("/assets/", StringComparison.Ordinal) && method == "GET" ? "Cache-Control: no-cache" : "Cache-Control: no-store", headers, $"{method} {path}");
            }
        }
    }

    [TestMethod]
    public async Task A_page_of_another_server_cannot_plant_traces()
    {
        await using var held = await Held.StartAsync(context);
        var one = Hostile.Request(Hostile.Span(1, 1, 0)).ToByteArray();
        foreach (var (uri, host) in ((Uri, string)[])[(new Uri(held.Server.HttpEndpoint, "/v1/traces"), $"{held.Server.HttpEndpoint.Authority}"), (new Uri(held.Server.Endpoint, "/api/otlp/traces"), held.Server.Endpoint.Authority),
            (new Uri(held.Server.Endpoint, "/mcp"), held.Server.Endpoint.Authority), (new Uri(held.Server.Endpoint, "/api/transform"), held.Server.Endpoint.Authority)])
        {
            foreach (var (name, value, isOurs) in ((string, string, bool)[])
            [
                ("Origin", "http://evil.test", false), ("Origin", "null", false), ("Origin", "http://localhost:1", false), ("Origin", $"http://{host}", true), ("Sec-Fetch-Site", "cross-site", false), ("Sec-Fetch-Site", "same-site", false),
                ("Sec-Fetch-Site", "same-origin", true), ("Sec-Fetch-Site", "none", true), ("X", "y", true),
            ])
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(one) };
                request.Content.Headers.ContentType = new("application/x-protobuf");
                request.Headers.Add(name, value);
                using var answer = await held.Client.SendAsync(request, Stop);
                Assert.AreEqual(isOurs, answer.StatusCode != HttpStatusCode.Forbidden, $"{uri} {name}: {value}");
            }

            foreach (var simple in (string[])["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
            {
                if (uri.AbsolutePath != "/api/transform")
                    Assert.AreEqual(415, (await held.PostAsync(one, simple, path: uri.ToString())).Status, $"{uri} {simple}");
            }
        }
    }

    async Task<string> RawAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), Stop);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(Stop);
    }
}
