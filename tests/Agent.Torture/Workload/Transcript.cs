using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Agent.Torture.Workload;

/// <summary>What a workload has to say, line by line: the same in every run, patched or not. No times, ids, ports or hash codes.</summary>
sealed class Transcript
{
    string _section = "";

    public List<string> Lines { get; } = [];

    public void Section(string name) => _section = name;

    public void Add(string what, object? value) => Lines.Add($"{_section}: {what} = {Text(value)}");

    /// <summary>What the code throws, and where; its result if it throws nothing.</summary>
    public void Throws(string what, Func<object?> code)
    {
        try
        {
            Add(what, code());
        }
        catch (Exception e)
        {
            Add(what, Describe(e));
        }
    }

    /// <inheritdoc cref="Throws(string, Func{object?})"/>
    public void Throws(string what, Action code) => Throws(what, () =>
    {
        code();
        return "nothing thrown";
    });

    /// <inheritdoc cref="Throws(string, Func{object?})"/>
    public async Task ThrowsAsync(string what, Func<Task> code)
    {
        try
        {
            await code();
            Add(what, "nothing thrown");
        }
        catch (Exception e)
        {
            Add(what, Describe(e));
        }
    }

    /// <summary>
    /// Type and message, inner exceptions too, and the frames that are this program's own. Those of the framework are left out: which of
    /// them are inlined, and so invisible, changes with tiering and with patches.
    /// </summary>
    static string Describe(Exception e)
    {
        var own = new StackTrace(e, fNeedFileInfo: false).GetFrames().Select(frame => frame.GetMethod()).OfType<MethodBase>()
            .Where(method => method.Module == typeof(Transcript).Module).Select(method => method.Name);
        var inner = e is AggregateException many ? string.Concat(many.InnerExceptions.Select(item => $" [{Describe(item)}]"))
            : e.InnerException is { } cause ? $" ← {Describe(cause)}" : "";
        return $"{e.GetType()}: {e.Message} at {string.Join(" ", own)}{inner}";
    }

    static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ => value.ToString() ?? "",
    };
}
