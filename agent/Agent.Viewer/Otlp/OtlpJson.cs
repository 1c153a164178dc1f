using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Agent.Viewer.Otlp;

/// <summary>
/// Reads OTLP's JSON and writes the same as protobuf. It takes what senders really send: numbers as numbers or texts, enums as numbers or
/// names, ids in upper case, null for what is not said; fields it does not know are skipped. Ids are hexadecimal, as OTLP says and other
/// readers of protobuf's JSON do not know.
/// </summary>
static class OtlpJson
{
    /// <summary>How deep messages may lie in one another: an attribute's value in a list in a list… .</summary>
    public const int MaxDepth = 64;

    static readonly Message Value = new();
    static readonly Message Pair = new(new("key", 1, FieldType.Text), new("value", 2, FieldType.Message, Value));
    static readonly Message Span = new(
        new("traceId", 1, FieldType.Id),
        new("spanId", 2, FieldType.Id),
        new("traceState", 3, FieldType.Text),
        new("parentSpanId", 4, FieldType.Id),
        new("name", 5, FieldType.Text),
        new("kind", 6, FieldType.Enum, names: ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"]),
        new("startTimeUnixNano", 7, FieldType.Fixed64),
        new("endTimeUnixNano", 8, FieldType.Fixed64),
        new("attributes", 9, FieldType.Messages, Pair),
        new("droppedAttributesCount", 10, FieldType.UInt32),
        new("events", 11, FieldType.Messages, new(
            new("timeUnixNano", 1, FieldType.Fixed64), new("name", 2, FieldType.Text), new("attributes", 3, FieldType.Messages, Pair), new("droppedAttributesCount", 4, FieldType.UInt32))),
        new("droppedEventsCount", 12, FieldType.UInt32),
        new("links", 13, FieldType.Messages, new(
            new("traceId", 1, FieldType.Id), new("spanId", 2, FieldType.Id), new("traceState", 3, FieldType.Text), new("attributes", 4, FieldType.Messages, Pair),
            new("droppedAttributesCount", 5, FieldType.UInt32), new("flags", 6, FieldType.Fixed32))),
        new("droppedLinksCount", 14, FieldType.UInt32),
        new("status", 15, FieldType.Message, new(new("message", 2, FieldType.Text), new("code", 3, FieldType.Enum, names: ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]))),
        new("flags", 16, FieldType.Fixed32));

    static readonly Message Scope = new(
        new("name", 1, FieldType.Text), new("version", 2, FieldType.Text), new("attributes", 3, FieldType.Messages, Pair), new("droppedAttributesCount", 4, FieldType.UInt32));

    static readonly Message Request = new(new Field("resourceSpans", 1, FieldType.Messages, new(
        new("resource", 1, FieldType.Message, new(new("attributes", 1, FieldType.Messages, Pair), new("droppedAttributesCount", 2, FieldType.UInt32))),
        new("scopeSpans", 2, FieldType.Messages, new(
            new("scope", 1, FieldType.Message, Scope), new("spans", 2, FieldType.Messages, Span), new("schemaUrl", 3, FieldType.Text))),
        new("schemaUrl", 3, FieldType.Text))));

    // Jaeger's /api/v3 answers with the request in a wrapper; it has no number of its own.
    static readonly Message Document = new([.. Request.Fields, new("result", 0, FieldType.Message, Request)]);

    // A value may hold values, so its fields are added when there is a value.
    static OtlpJson() => Value.Fields =
    [
        new("stringValue", 1, FieldType.Text),
        new("boolValue", 2, FieldType.Bool),
        new("intValue", 3, FieldType.Int64),
        new("doubleValue", 4, FieldType.Double),
        new("arrayValue", 5, FieldType.Message, new(new Field("values", 1, FieldType.Messages, Value))),
        new("kvlistValue", 6, FieldType.Message, new(new Field("values", 1, FieldType.Messages, Pair))),
        new("bytesValue", 7, FieldType.Bytes),
    ];

    enum FieldType
    {
        Text,
        Bool,
        Int64,
        Double,
        Bytes,
        Id,
        Fixed64,
        Fixed32,
        UInt32,
        Enum,
        Message,
        Messages,
    }

    /// <summary>The bytes of the <c>ExportTraceServiceRequest</c> that the JSON describes.</summary>
    /// <param name="json">One JSON object in UTF-8.</param>
    /// <param name="severalDocuments">
    /// For files: whether several objects may follow each other (NDJSON), which become one request, and each may be in Jaeger's wrapper <c>result</c>.
    /// </param>
    /// <exception cref="InvalidDataException">It is no such JSON; the message says where and what is expected.</exception>
    public static ReadOnlyMemory<byte> ToProtobuf(ReadOnlySpan<byte> json, bool severalDocuments = false)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!json.ContainsAnyExcept(" \t\r\n"u8))
            throw new InvalidDataException("It is empty; expected is a JSON object with resourceSpans.");
        // Each message is an object and, in most cases, an array; unknown fields may be somewhat deeper, too.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 * MaxDepth, AllowMultipleValues = severalDocuments });
        var transcoder = new Transcoder(new ProtobufWriter(json.Length / 2));
        try
        {
            while (reader.Read())
                transcoder.Read(ref reader, severalDocuments ? Document : Request);
            return transcoder.Written;
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{transcoder.Place}: {broken.Message}", broken);
        }
        catch (InvalidOperationException broken)
        {
            // A property's name that is no text.
            throw new InvalidDataException($"{transcoder.Place}: {broken.Message}", broken);
        }
    }

    /// <summary>A message of the protocol; a field is looked up by comparing names, of which there are few.</summary>
    sealed class Message(params Field[] fields)
    {
        public Field[] Fields { get; set; } = fields;

        public Field? Find(ref Utf8JsonReader reader)
        {
            foreach (var field in Fields)
            {
                if (reader.ValueTextEquals(field.Utf8Name))
                    return field;
            }

            return null;
        }
    }

    sealed class Field(string name, int number, FieldType type, Message? message = null, string[]? names = null)
    {
        public string Name => name;

        public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

        public int Number => number;

        public FieldType Type => type;

        /// <summary>Of <see cref="FieldType.Message"/> and <see cref="FieldType.Messages"/>.</summary>
        public Message? Message => message;

        /// <summary>Of <see cref="FieldType.Enum"/>, in the order of their numbers.</summary>
        public string[]? Names => names;
    }

    /// <summary>Goes through one JSON and remembers where it is, for the sentence that may be needed.</summary>
    sealed class Transcoder(ProtobufWriter output)
    {
        readonly (Field Field, int Index)[] _path = new (Field, int)[MaxDepth + 1];
        int _depth;

        public ReadOnlyMemory<byte> Written => output.Written;

        /// <summary><c>resourceSpans[0].scopeSpans[2].spans[1].name</c>.</summary>
        public string Place
        {
            get
            {
                var place = new StringBuilder();
                foreach (var (step, index) in _path.AsSpan(0, _depth))
                {
                    place.Append(place.Length > 0 ? "." : "").Append(step.Name);
                    if (index >= 0)
                        place.Append(CultureInfo.InvariantCulture, $"[{index}]");
                }

                return place.Length > 0 ? place.ToString() : "The whole";
            }
        }

        /// <summary>Reads an object, at whose start the reader stands, to its end.</summary>
        public void Read(ref Utf8JsonReader reader, Message message)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Wrong(ref reader, "an object");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var field = message.Find(ref reader);
                reader.Read();
                if (field is null)
                    reader.Skip();
                else if (reader.TokenType != JsonTokenType.Null)
                    Read(ref reader, field);
            }
        }

        void Read(ref Utf8JsonReader reader, Field field)
        {
            if (_depth == MaxDepth)
                throw new InvalidDataException($"{Place}: it is nested deeper than {MaxDepth} levels.");
            _path[_depth++] = (field, -1);
            switch (field.Type)
            {
                case FieldType.Message when field.Number == 0: Read(ref reader, field.Message!); break;
                case FieldType.Message: ReadMessage(ref reader, field); break;
                case FieldType.Messages: ReadMessages(ref reader, field); break;
                case FieldType.Text: output.Bytes(field.Number, Text(ref reader)); break;
                case FieldType.Bool: output.Varint(field.Number, Bool(ref reader)); break;
                case FieldType.Int64: output.Varint(field.Number, (ulong)Integer(ref reader, long.MinValue, long.MaxValue, "a whole number of 64 bits")); break;
                case FieldType.Double: output.Fixed64(field.Number, BitConverter.DoubleToUInt64Bits(Double(ref reader))); break;
                case FieldType.Bytes: output.Bytes(field.Number, Base64(ref reader)); break;
                case FieldType.Id: output.Bytes(field.Number, Id(ref reader)); break;
                case FieldType.Fixed64: output.Fixed64(field.Number, (ulong)Integer(ref reader, 0, ulong.MaxValue, "a whole number of nanoseconds")); break;
                case FieldType.Fixed32: output.Fixed32(field.Number, (uint)Integer(ref reader, 0, uint.MaxValue, "a whole number of 32 bits")); break;
                case FieldType.UInt32: output.Varint(field.Number, (ulong)Integer(ref reader, 0, uint.MaxValue, "a whole number of 32 bits")); break;
                default: output.Varint(field.Number, Enum(ref reader, field.Names!)); break;
            }

            _depth--;
        }

        void ReadMessage(ref Utf8JsonReader reader, Field field)
        {
            var start = output.Begin(field.Number);
            Read(ref reader, field.Message!);
            output.End(start);
        }

        void ReadMessages(ref Utf8JsonReader reader, Field field)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Wrong(ref reader, "an array");
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                _path[_depth - 1] = (field, i);
                if (reader.TokenType != JsonTokenType.Null)
                    ReadMessage(ref reader, field);
                else if (field.Message == Value) // an empty place in a list of values, as JavaScript has them, keeps its place
                    output.End(output.Begin(field.Number));
            }
        }

        ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw Wrong(ref reader, "a text");
            if (!reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan))
                return reader.ValueSpan;
            // JavaScript writes half a surrogate pair (a text that was cut) as an escape: valid JSON, and no valid text.
            return Encoding.UTF8.GetBytes(reader.ValueIsEscaped ? Unescape(Encoding.UTF8.GetString(reader.ValueSpan)) : Encoding.UTF8.GetString(reader.ValueSpan));
        }

        static string Unescape(string text)
        {
            var plain = new StringBuilder(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] != '\\')
                {
                    plain.Append(text[i]);
                    continue;
                }

                // The reader has seen that each escape is one that JSON has.
                switch (text[++i])
                {
                    case 'n': plain.Append('\n'); break;
                    case 'r': plain.Append('\r'); break;
                    case 't': plain.Append('\t'); break;
                    case 'b': plain.Append('\b'); break;
                    case 'f': plain.Append('\f'); break;
                    case 'u':
                        plain.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                        i += 4;
                        break;
                    case var same: plain.Append(same); break;
                }
            }

            return plain.ToString();
        }

        ulong Bool(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.True => 1,
            JsonTokenType.False => 0,
            JsonTokenType.String when reader.ValueTextEquals("true"u8) => 1,
            JsonTokenType.String when reader.ValueTextEquals("false"u8) => 0,
            _ => throw Wrong(ref reader, "true or false"),
        };

        /// <summary>As a number or as a text; also 1.0 and 1e3, as long as it is whole.</summary>
        Int128 Integer(ref Utf8JsonReader reader, Int128 least, Int128 most, string expected)
        {
            if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
            {
                var text = reader.ValueSpan;
                var isWhole = Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
                if (!isWhole && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && decimal.IsInteger(exact))
                    (isWhole, number) = (true, (Int128)exact);
                if (isWhole && number >= least && number <= most)
                    return number;
            }

            throw Wrong(ref reader, expected);
        }

        double Double(ref Utf8JsonReader reader)
        {
            // NaN and the infinities are texts, as JSON has no such numbers.
            return reader.TokenType is JsonTokenType.Number or JsonTokenType.String && double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong(ref reader, "a number, or one of \"NaN\", \"Infinity\" and \"-Infinity\"");
        }

        ulong Enum(ref Utf8JsonReader reader, string[] names)
        {
            for (var i = 0; i < names.Length && reader.TokenType == JsonTokenType.String; i++)
            {
                if (reader.ValueTextEquals(names[i]))
                    return (ulong)i;
            }

            // Numbers that are not known (yet) go on; as protobuf has it, negative ones with their sign.
            return (ulong)Integer(ref reader, int.MinValue, int.MaxValue, $"one of {string.Join(", ", names)}, or its number");
        }

        ReadOnlySpan<byte> Id(ref Utf8JsonReader reader)
        {
            var bytes = new byte[reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length / 2 : 0];
            return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length % 2 == 0
                && Convert.FromHexString(reader.ValueSpan, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : throw Wrong(ref reader, "an id in hexadecimal digits, two for each byte");
        }

        ReadOnlySpan<byte> Base64(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                if (reader.TryGetBytesFromBase64(out var bytes))
                    return bytes;
                // Protobuf's JSON allows the alphabet for addresses, and no padding.
                var text = Encoding.UTF8.GetString(reader.ValueSpan).Replace('+', '-').Replace('/', '_').TrimEnd('=');
                if (Base64Url.IsValid(text))
                    return Base64Url.DecodeFromChars(text);
            }

            throw Wrong(ref reader, "bytes in base64");
        }

        InvalidDataException Wrong(ref Utf8JsonReader reader, string expected)
        {
            var found = reader.TokenType switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "an array",
                _ => Encoding.UTF8.GetString(reader.ValueSpan) is var text && text.Length > 60 ? $"'{text[..60]}…'" : $"'{text}'",
            };
            return new InvalidDataException($"{Place}: {found} is not {expected}.");
        }
    }
}
