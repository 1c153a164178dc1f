using System.Buffers.Binary;
using System.Text;

namespace Agent.Benchmarks.Viewer;

/// <summary>
/// OTLP requests with traces as the Storefront makes them: a request, its middlewares, an endpoint, a page, queries, calls, a view; 20 spans
/// by default, with the attributes that they have there. Made once; each sending gets ids and times of its own.
/// </summary>
sealed class SentTraces
{
    static readonly string[] Middlewares = ["ExceptionHandler", "StaticFile", "Program.cs:30", "Visitor", "Maintenance"];
    readonly byte[] _template;
    readonly List<(int At, int Trace, int Span, int Parent)> _spans = [];

    /// <param name="traces">Traces in a request.</param>
    /// <param name="spansPerTrace">Spans of each.</param>
    /// <param name="areVaried">Whether each query has another name, so that no page can fold them.</param>
    public SentTraces(int traces, int spansPerTrace, bool areVaried = false)
    {
        Count = traces * spansPerTrace;
        var scope = new MemoryStream();
        Bytes(scope, 1, Message(m => Text(m, 1, "Agent.AspNetCore")));
        var offsets = new List<(int At, int Trace, int Span, int Parent)>();
        for (var trace = 0; trace < traces; trace++)
        {
            for (var span = 0; span < spansPerTrace; span++)
            {
                var content = Span(span, areVaried);
                Bytes(scope, 2, content);
                offsets.Add(((int)scope.Length - content.Length, trace, span, Parent(span)));
            }
        }

        var process = new MemoryStream();
        Bytes(process, 1, Message(m =>
        {
            foreach (var (name, value) in ((string, string)[])
            [
                ("service.name", "Storefront"), ("service.version", "1.0.0"), ("service.instance.id", "5f0d6c1e-9a3b-4c58-b1f4-2f8d6f2f9d11"), ("telemetry.sdk.name", "opentelemetry"),
                ("telemetry.sdk.language", "dotnet"), ("telemetry.sdk.version", "1.20.1"), ("host.name", "machine"), ("os.type", "linux"), ("process.runtime.name", ".NET"),
            ])
            {
                Attribute(m, 1, name, value);
            }
        }));
        Bytes(process, 2, scope.ToArray());
        var request = new MemoryStream();
        Bytes(request, 1, process.ToArray());
        _template = request.ToArray();
        // Both wrappings stand before their contents, which are their ends.
        var shift = _template.Length - (int)scope.Length;
        _spans.AddRange(offsets.Select(offset => offset with { At = offset.At + shift }));
    }

    /// <summary>Spans in a request.</summary>
    public int Count { get; }

    /// <summary>A request of its own for each sender, to be filled anew for each sending.</summary>
    public byte[] Buffer() => [.. _template];

    /// <summary>Gives the request's traces new ids, and times that end now.</summary>
    /// <returns>The id of the last trace.</returns>
    public string Fill(byte[] request, Random random)
    {
        Span<byte> ids = stackalloc byte[16];
        var now = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        var last = -1;
        foreach (var (at, trace, span, parent) in _spans)
        {
            if (trace != last)
                random.NextBytes(ids);
            last = trace;
            // Field tags and lengths stand between: trace id at 2, span id at 20, parent at 30, start at 39, end at 48.
            ids.CopyTo(request.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(at + 20), Id(ids, span));
            if (parent >= 0)
                BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(at + 30), Id(ids, parent));
            var start = now - 130_000_000 + (ulong)span * 1_000_000;
            BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(at + 39), start);
            BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(at + 48), start + 100_000_000 / (ulong)(span + 1) + (ulong)random.Next(1_000_000));
        }

        return Convert.ToHexStringLower(ids);
    }

    // Of a trace of its own each span's id is as good as a random one.
    static ulong Id(ReadOnlySpan<byte> trace, int span) => (BinaryPrimitives.ReadUInt64LittleEndian(trace) + (ulong)span * 0x9E37_79B9_7F4A_7C15) | 1;

    // The first eight in each other, the others below the eighth: a pipeline with a page that asks for a lot.
    static int Parent(int span) => span < 8 ? span - 1 : 7;

    static byte[] Span(int span, bool isVaried) => Message(m =>
    {
        Bytes(m, 1, new byte[16]);
        Bytes(m, 2, new byte[8]);
        Bytes(m, 4, new byte[8]);
        m.WriteByte(7 << 3 | 1);
        m.Write(new byte[8]);
        m.WriteByte(8 << 3 | 1);
        m.Write(new byte[8]);
        var (name, kind, attributes) = Content(span);
        Text(m, 5, isVaried && span >= 8 ? $"SELECT Table{span}" : name);
        m.WriteByte(6 << 3);
        m.WriteByte((byte)kind);
        foreach (var (key, value) in attributes)
            Attribute(m, 9, key, value);
        m.WriteByte(16 << 3 & 0x7F | 0x80 | 5);
        m.WriteByte(1);
        m.Write([1, 1, 0, 0]);
    });

    static (string Name, int Kind, (string, object)[] Attributes) Content(int span) => span switch
    {
        0 => ("GET Products/{id:int}", 2,
        [
            ("server.address", "127.0.0.1"), ("server.port", 5000L), ("http.request.method", "GET"), ("url.scheme", "http"), ("url.path", "/products/7"), ("network.protocol.version", "1.1"),
            ("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"), ("http.route", "Products/{id:int}"), ("http.response.status_code", 200L),
            ("dispatch.result.type", "success"),
        ]),
        < 6 => ($"middleware {Middlewares[span - 1]}", 1,
        [
            ("dispatch.kind", "hook"), ("dispatch.middleware.name", "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware"), ("dispatch.middleware.index", (long)span),
        ]),
        6 => ("endpoint Products/{id:int}", 1,
        [
            ("dispatch.kind", "hook"), ("http.route", "Products/{id:int}"), ("dispatch.endpoint.name", "/Products/Details"), ("dispatch.result.status", 200L),
        ]),
        7 => ("page /Products/Details OnGetAsync", 1,
        [
            ("dispatch.kind", "load"), ("dispatch.result.type", "page"), ("code.function.name", "Storefront.Pages.Products.DetailsModel.OnGetAsync"),
            ("code.file.path", "Pages/Products/Details.cshtml.cs"), ("code.line.number", 21L), ("dispatch.handler.name", "OnGetAsync"),
        ]),
        _ when span % 3 == 0 => ("GET", 3,
        [
            ("http.request.method", "GET"), ("server.address", "127.0.0.1"), ("server.port", 5000L), ("url.full", "http://127.0.0.1:5000/api/stock/kettle"), ("http.response.status_code", 200L),
            ("network.protocol.version", "1.1"),
        ]),
        _ => ("SELECT Products", 3,
        [
            ("db.system.name", "sqlite"), ("db.namespace", "main"), ("db.query.summary", "SELECT Products"), ("db.operation.name", "SELECT"), ("db.collection.name", "Products"),
            ("db.query.text", "SELECT \"p\".\"Id\", \"p\".\"Description\", \"p\".\"Name\", \"p\".\"Price\", \"p\".\"Sku\" FROM \"Products\" AS \"p\" WHERE \"p\".\"Id\" = @id LIMIT 1"),
        ]),
    };

    static byte[] Message(Action<MemoryStream> write)
    {
        var message = new MemoryStream();
        write(message);
        return message.ToArray();
    }

    static void Attribute(MemoryStream message, int field, string name, object value) => Bytes(message, field, Message(pair =>
    {
        Text(pair, 1, name);
        Bytes(pair, 2, Message(any =>
        {
            if (value is string text)
            {
                Text(any, 1, text);
            }
            else
            {
                any.WriteByte(3 << 3);
                Number(any, (ulong)(long)value);
            }
        }));
    }));

    static void Text(MemoryStream message, int field, string text) => Bytes(message, field, Encoding.UTF8.GetBytes(text));

    static void Bytes(MemoryStream message, int field, byte[] bytes)
    {
        message.WriteByte((byte)(field << 3 | 2));
        Number(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    static void Number(MemoryStream message, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            message.WriteByte((byte)(number | 0x80));
        message.WriteByte((byte)number);
    }
}
