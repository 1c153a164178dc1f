using System.Text.Json;

namespace Agent.Configuration;

/// <summary>
/// agent.json, beside the app or where AGENT_CONFIG_FILE says: one object whose names are the variables' and whose values are texts, numbers,
/// true or false. Comments and commas at the end of a list are welcome.
/// </summary>
static class ConfigurationFile
{
    /// <summary>Names another file.</summary>
    public const string Variable = "AGENT_CONFIG_FILE";

    const string Name = "agent.json";

    /// <param name="folder">The app's.</param>
    /// <param name="chosen">AGENT_CONFIG_FILE: another place, from the app's folder on.</param>
    public static string PathOf(string folder, string? chosen) => Path.Combine(folder, chosen is { Length: > 0 } ? chosen : Name);

    /// <summary>
    /// What the file says; null if there is none. Without one this costs one look for it: what reads JSON is loaded in <see cref="Parse"/>.
    /// </summary>
    /// <param name="folder">The app's.</param>
    /// <param name="chosen">AGENT_CONFIG_FILE: another place, from the app's folder on.</param>
    /// <param name="problems">Gets a sentence for what is wrong.</param>
    public static Dictionary<string, string>? Read(string folder, string? chosen, List<string> problems)
    {
        const string otherwise = "using the environment alone";
        var path = PathOf(folder, chosen);
        if (!File.Exists(path))
        {
            if (chosen is { Length: > 0 })
                problems.Add($"{Variable}={chosen} is not accepted (there is no such file); {otherwise}.");
            return null;
        }
        try
        {
            return Parse(File.ReadAllBytes(path), path, problems, otherwise);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read ({e.Message}); {otherwise}.");
            return null;
        }
    }

    /// <param name="json">What is in the file.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="problems">Gets a sentence for what is wrong.</param>
    /// <param name="otherwise">What happens if there is nothing to be read from it.</param>
    public static Dictionary<string, string> Parse(byte[] json, string path, List<string> problems, string otherwise)
    {
        var values = new Dictionary<string, string>();
        ReadOnlySpan<byte> text = json;
        if (text.StartsWith("\uFEFF"u8))
            text = text[3..];
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                problems.Add($"{path} is not accepted (one object with names and values); {otherwise}.");
                return [];
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var value = reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    _ => null,
                };
                reader.Skip(); // an object or a list
                if (!name.StartsWith("OTEL_", StringComparison.Ordinal) && !name.StartsWith("AGENT_", StringComparison.Ordinal))
                    problems.Add($"{path}: {name} is not a setting (names begin with OTEL_ or AGENT_); it is left out.");
                else if (value is null)
                    problems.Add($"{path}: {name} is not accepted (a text, a number, true or false); it is left out.");
                else if (!values.TryAdd(name, value))
                    problems.Add($"{path}: {name} is there twice; using {values[name]}.");
            }
            reader.Read(); // nothing may follow
            return values;
        }
        catch (JsonException e)
        {
            problems.Add($"{path} cannot be read (line {e.LineNumber + 1}, character {e.BytePositionInLine + 1} is not as in JSON); {otherwise}.");
            return [];
        }
    }
}
