using System.Net;
using System.Net.Sockets;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.UnitTests;

/// <summary>Takes one request of an exporter for OTLP over HTTP.</summary>
sealed class Receiver : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Task<ExportTraceServiceRequest> _request;

    public Receiver()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _request = Receive();
    }

    public string Address { get; }

    /// <summary>What has been sent.</summary>
    public ExportTraceServiceRequest Request => _request.GetAwaiter().GetResult();

    async Task<ExportTraceServiceRequest> Receive()
    {
        var context = await _listener.GetContextAsync();
        var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        context.Response.StatusCode = 200;
        context.Response.Close();
        return ExportTraceServiceRequest.Parser.ParseFrom(ByteString.CopyFrom(body.ToArray()));
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose() => _listener.Close();
}
