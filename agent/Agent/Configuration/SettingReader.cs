using System.Globalization;

namespace Agent.Configuration;

/// <summary>
/// Reads settings from the environment and, for what is not set there, from a file with the same names. What is not accepted becomes a
/// sentence, and the usual value is used. Safe for several threads.
/// </summary>
/// <param name="environment">Reads an environment variable; null if it is not set.</param>
/// <param name="file">What agent.json says; null if there is none.</param>
sealed class SettingReader(Func<string, string?> environment, IReadOnlyDictionary<string, string>? file)
{
    // Plain loops in this class: it runs before Main, where LINQ costs milliseconds of JIT.
    readonly List<string> _problems = [];
    readonly List<Setting> _used = [];
    readonly HashSet<string> _hidden = [];

    /// <summary>A sentence for each value that is not accepted: its name, the value, what is accepted, what is used instead.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What was read so far.</summary>
    public Setting[] Used
    {
        get
        {
            lock (_used)
                return [.. _used];
        }
    }

    /// <summary>What is set, whether or not it is accepted. Empty counts as not set, as specified.</summary>
    public string? Raw(string name) => Find(name).Value;

    /// <summary>What is set, unless it was not accepted or is hidden: what the SDK may read by itself.</summary>
    public string? Accepted(string name)
    {
        lock (_used)
            return _hidden.Contains(name) ? null : Find(name).Value;
    }

    /// <summary>Any text.</summary>
    public string? Text(string name, string usual = "")
    {
        var (value, origin) = Find(name);
        Note(name, value ?? usual, origin);
        return value;
    }

    /// <summary>One of a few words.</summary>
    public string OneOf(string name, string usual, string[] accepted)
    {
        var (value, origin) = Find(name);
        var word = value is null ? usual : Word(value, accepted);
        if (word is null)
        {
            Refuse(name, value!, $"one of {string.Join(", ", accepted)}", usual);
            return usual;
        }
        Note(name, word, origin);
        return word;
    }

    /// <summary>Some of a few words, separated by commas, each once; «none» stands alone and is an empty list.</summary>
    public string[] SomeOf(string name, string[] usual, string[] accepted)
    {
        var (value, origin) = Find(name);
        if (value is null)
        {
            Note(name, string.Join(',', usual), origin);
            return usual;
        }
        var words = new List<string>();
        var isFine = true;
        foreach (var item in Split(value))
        {
            if (Word(item, accepted) is not { } word)
                isFine = false;
            else if (!words.Contains(word))
                words.Add(word);
        }
        if (Word(value, ["none"]) is not null)
        {
            Note(name, "none", origin);
            return [];
        }
        string[] used = words.Count > 0 ? [.. words] : usual;
        if (isFine && words.Count > 0)
            Note(name, string.Join(',', used), origin);
        else
            Refuse(name, value, $"a list of {string.Join(", ", accepted)}, or none", string.Join(',', used));
        return used;
    }

    /// <summary>Words of any kind, separated by commas.</summary>
    public string[] List(string name) => Split(Text(name) ?? "");

    /// <summary>True or false; null if it is not set.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="say">Says a problem, where all are said already.</param>
    public bool? Switch(string name, Action<string>? say = null)
    {
        var (value, origin) = Find(name);
        if (value is null)
            return null;
        if (!bool.TryParse(value, out var isOn))
        {
            Refuse(name, value, "true or false", "what holds without it", say);
            return null;
        }
        Note(name, isOn ? "true" : "false", origin);
        return isOn;
    }

    /// <summary>True or false.</summary>
    public bool Switch(string name, bool usual)
    {
        var (value, origin) = Find(name);
        if (value is not null && bool.TryParse(value, out var isOn))
        {
            Note(name, isOn ? "true" : "false", origin);
            return isOn;
        }
        if (value is null)
            Note(name, usual ? "true" : "false", SettingOrigin.Default);
        else
            Refuse(name, value, "true or false", usual ? "true" : "false");
        return usual;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="usual">Used if it is not set; null for none.</param>
    /// <param name="least">The smallest one that is accepted.</param>
    /// <param name="most">The greatest one.</param>
    /// <param name="of">What is counted.</param>
    public int? Number(string name, int? usual, int least, int most, string of)
    {
        var (value, origin) = Find(name);
        var usualText = usual?.ToString(CultureInfo.InvariantCulture) ?? "no limit";
        if (value is not null && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            Note(name, value, origin);
            return number;
        }
        if (value is null)
            Note(name, usualText, origin);
        else
            Refuse(name, value, most == int.MaxValue ? $"a whole number of {of}, at least {least}" : $"a whole number of {of} from {least} to {most}", usualText);
        return usual;
    }

    /// <summary>A number of milliseconds; 0 stands for no limit, as specified.</summary>
    public int Timeout(string name, int usual)
    {
        var milliseconds = Number(name, usual, 0, int.MaxValue, "milliseconds")!.Value;
        return milliseconds == 0 ? int.MaxValue : milliseconds;
    }

    /// <summary>An http or https address.</summary>
    public string Address(string name, string usual)
    {
        var (value, origin) = Find(name);
        if (value is not null && !IsAddress(value))
        {
            Refuse(name, value, "an absolute http or https address", usual);
            return usual;
        }
        Note(name, WithoutSecrets(value ?? usual), origin);
        return value ?? usual;
    }

    /// <summary>Whether it is an absolute http or https address.</summary>
    public static bool IsAddress(string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");

    /// <summary>An address may carry a name and a password, or a key in its query.</summary>
    public static string WithoutSecrets(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri is { UserInfo: "", Query: "" })
            return address;
        return uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    /// <summary>Notes what is used of a variable that the caller has read itself.</summary>
    public void Note(string name, string value, SettingOrigin origin)
    {
        lock (_used)
            _used.Add(new(name, value, origin));
    }

    /// <summary>Notes what is used of a variable that is set.</summary>
    public void Note(string name, string value) => Note(name, value, Find(name).Origin);

    /// <summary>Says that a value is not accepted.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value; null for a secret one.</param>
    /// <param name="accepted">What is accepted.</param>
    /// <param name="used">What is used instead.</param>
    /// <param name="say">Says a problem, where all are said already.</param>
    public void Refuse(string name, string? value, string accepted, string used, Action<string>? say = null)
    {
        var problem = $"{name}{(value is null ? "" : "=" + value)} is not accepted ({accepted}); using {used}.";
        lock (_used)
        {
            _hidden.Add(name);
            _used.Add(new(name, used, SettingOrigin.Default));
            if (say is null)
                _problems.Add(problem);
        }
        say?.Invoke(problem);
    }

    /// <summary>The SDK is not to read it, because the agent does what it says.</summary>
    public void Hide(string name)
    {
        lock (_used)
            _hidden.Add(name);
    }

    /// <summary>Says that something about the settings is wrong, as a sentence.</summary>
    public void Say(string problem)
    {
        lock (_used)
            _problems.Add(problem);
    }

    (string? Value, SettingOrigin Origin) Find(string name)
    {
        if (environment(name)?.Trim() is { Length: > 0 } set)
            return (set, SettingOrigin.Environment);
        return file is not null && file.TryGetValue(name, out var written) && written.Trim() is { Length: > 0 } value ? (value, SettingOrigin.File) : (null, SettingOrigin.Default);
    }

    static string[] Split(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static string? Word(string value, string[] accepted)
    {
        foreach (var candidate in accepted)
        {
            if (candidate.Equals(value, StringComparison.OrdinalIgnoreCase))
                return candidate;
        }
        return null;
    }
}
