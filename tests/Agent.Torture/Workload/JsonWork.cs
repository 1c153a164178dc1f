using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Agent.Torture.Workload;

/// <summary>System.Text.Json: objects of many shapes, polymorphism, nodes, reader and writer, errors.</summary>
static partial class JsonWork
{
    enum Colour { Red, Green }

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    abstract record Shape(Colour Colour);

    sealed record Circle(Colour Colour, double Radius) : Shape(Colour);

    sealed record Square(Colour Colour, decimal Side) : Shape(Colour);

    sealed record Order(int Id, string Customer, DateTimeOffset At, List<Line> Lines, Dictionary<string, Shape?> Shapes, int? Discount, Guid Key, byte[] Raw);

    sealed record Line(string Product, int Quantity, decimal Price);

    sealed class UpperCase : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!.ToUpperInvariant();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToUpperInvariant());
    }

    [JsonSerializable(typeof(Line))]
    sealed partial class Generated : JsonSerializerContext;

    static readonly Order Sample = new(7, "Ada «Ä» \u0001", new DateTimeOffset(2024, 2, 29, 12, 34, 56, TimeSpan.FromHours(2)),
        [new Line("pen", 3, 1.25m), new Line("ink", 1, 12m)],
        new Dictionary<string, Shape?> { ["a"] = new Circle(Colour.Green, 1.5), ["b"] = new Square(Colour.Red, 2m), ["c"] = null }, null, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), [1, 2, 3]);

    public static async Task Run(Transcript to)
    {
        to.Section("json");
        var (options, indented) = (NewOptions(), NewIndentedOptions());
        var text = JsonSerializer.Serialize(Sample, options);
        to.Add("object", text);
        var back = JsonSerializer.Deserialize<Order>(text, options)!;
        to.Add("and back", JsonSerializer.Serialize(back, options) == text);
        to.Add("indented", JsonSerializer.Serialize(Sample, indented));
        to.Add("generated", JsonSerializer.Serialize(Sample.Lines[0], Generated.Default.Line));
        to.Add("generated back", JsonSerializer.Deserialize("""{"Product":"x","Quantity":2,"Price":1.10}""", Generated.Default.Line));
        using var stream = new MemoryStream();
        await JsonSerializer.SerializeAsync(stream, Enumerable.Range(0, 500).Select(number => new Line($"p{number}", number, number / 4m)), options);
        stream.Position = 0;
        to.Add("streamed", stream.Length);
        var sum = 0m;
        await foreach (var line in JsonSerializer.DeserializeAsyncEnumerable<Line>(stream, options))
            sum += line!.Price * line.Quantity;
        to.Add("streamed back", sum);
        Nodes(to);
        Tokens(to);
        to.Throws("bad text", () => JsonSerializer.Deserialize<Order>("""{"id": 1, "lines": [{"quantity": "many"}]}""", options));
        to.Throws("cut off", () => JsonSerializer.Deserialize<int[]>("[1, 2", options));
        to.Throws("unknown type", () => JsonSerializer.Deserialize<Shape>("""{"$type":"heart"}""", options));
        to.Throws("cycle", () => JsonSerializer.Serialize(Cycle(), options));
        to.Throws("unsupported", () => JsonSerializer.Serialize<object>(typeof(int), options));
    }

    /// <summary>New ones every time: with the old ones, all metadata would come from their cache.</summary>
    static JsonSerializerOptions NewOptions() => new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    static JsonSerializerOptions NewIndentedOptions() => new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new UpperCase() } };

    static List<object> Cycle()
    {
        var list = new List<object>();
        list.Add(list);
        return list;
    }

    static void Nodes(Transcript to)
    {
        var node = JsonNode.Parse("""{"a":[1,2.5,"x",null,{"b":true}],"z":{}}""")!;
        node["a"]!.AsArray().Add(42);
        node["z"]!["new"] = new JsonArray(1, "two", 3.0);
        node["a"]!.AsArray().RemoveAt(0);
        to.Add("nodes", node.ToJsonString());
        to.Add("path", node["a"]![3]!["b"]!.GetPath());
        to.Add("clone equals", JsonNode.DeepEquals(node, node.DeepClone()));
        to.Throws("wrong node", () => node["a"]!.AsObject());
        using var document = JsonDocument.Parse("""{"n": 1e3, "s": "\u00e4\n", "d": "2024-02-29T00:00:00Z"}""", new JsonDocumentOptions { AllowTrailingCommas = true });
        foreach (var property in document.RootElement.EnumerateObject())
            to.Add("property " + property.Name, $"{property.Value.ValueKind} {property.Value.GetRawText()}");
        to.Add("number", document.RootElement.GetProperty("n").GetDouble());
        to.Add("date", document.RootElement.GetProperty("d").GetDateTime());
        to.Throws("missing", () => document.RootElement.GetProperty("missing"));
    }

    static void Tokens(Transcript to)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("i", long.MaxValue);
            writer.WriteString("s", "<&\"é>");
            writer.WriteBase64String("b", [0, 1, 254]);
            writer.WriteStartArray("a");
            writer.WriteBooleanValue(true);
            writer.WriteNullValue();
            writer.WriteNumberValue(0.1);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        to.Add("writer", Encoding.UTF8.GetString(stream.ToArray()));
        var reader = new Utf8JsonReader(stream.ToArray());
        var kinds = new StringBuilder();
        while (reader.Read())
            kinds.Append(reader.TokenType).Append(' ').Append(reader.TokenStartIndex).Append(';');
        to.Add("reader", kinds);
        to.Throws("writer misused", () =>
        {
            using var writer = new Utf8JsonWriter(new MemoryStream());
            writer.WriteEndArray();
        });
    }
}
