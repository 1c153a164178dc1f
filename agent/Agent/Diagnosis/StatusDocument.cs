using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HarmonyLib;

namespace Agent.Diagnosis;

/// <summary>The status as JSON, in one line. In a class of its own: what writes JSON is loaded only with it.</summary>
static class StatusDocument
{
    // The default escapes what would mean something in HTML.
    static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the process is traced: false once the agent is detached.</summary>
    public const string Traced = "traced";

    /// <summary>The origin of a setting that `agent attach` was given; the others are those of <see cref="Configuration.SettingOrigin"/>.</summary>
    public const string GivenToAttach = "attach";

    public static string Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Form))
            Write(json, Settings.Current);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static void Write(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartObject();
        json.WriteString("agent", AgentProcess.Version);
        json.WriteBoolean(Traced, Attachment.IsOn);
        json.WriteStartObject("process");
        json.WriteString("name", Assembly.GetEntryAssembly()?.GetName().Name);
        json.WriteNumber("id", Environment.ProcessId);
        json.WriteString("runtime", Environment.Version.ToString());
        json.WriteString("environment", settings.EnvironmentName);
        json.WriteString("hook", OwnAssemblies.HookPath);
        json.WriteEndObject();
        WriteList(json, "said", AgentStatus.Said);
        Write(json, settings.Used);
        WriteList(json, "plugins", AgentStatus.Plugins);
        WritePatches(json);
        json.WriteStartObject("sources");
        WriteList(json, "listened", AgentStatus.Listened);
        WriteList(json, "unheard", UnheardSources.Find());
        json.WriteStartObject("heard");
        foreach (var (source, count) in AgentStatus.Heard.OrderBy(heard => heard.Key, StringComparer.Ordinal))
            json.WriteNumber(source, count);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("exporters");
        foreach (var count in AgentStatus.Exporters)
            Write(json, count);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Of several words about one the last counts.</summary>
    static void Write(Utf8JsonWriter json, Configuration.Setting[] settings)
    {
        json.WriteStartArray("settings");
        foreach (var setting in settings.AsEnumerable().Reverse().DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", setting.Name);
            json.WriteString("value", setting.Value);
            json.WriteString("origin", setting.Origin == Configuration.SettingOrigin.Environment && Settings.IsGiven(setting.Name) ? GivenToAttach : setting.Origin.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WritePatches(Utf8JsonWriter json)
    {
        json.WriteStartObject("patches");
        json.WriteString("engine", AgentStatus.EngineProblem switch { null => "attached", "" => "not known yet", var problem => problem });
        json.WriteStartArray("installed");
        foreach (var (name, patches) in (Harmony.IsSuspended ? [] : Harmony.GetAllPatchedMethods()).Select(method => ($"{method.DeclaringType}.{method.Name}", Harmony.GetPatchInfo(method))).OrderBy(method => method.Item1, StringComparer.Ordinal))
        {
            if (patches is null)
                continue; // taken out meanwhile
            json.WriteStartObject();
            json.WriteString("method", name);
            WriteList(json, "by", patches.Prefixes.Concat(patches.Postfixes).Concat(patches.Finalizers).Select(patch => patch.PatchMethod.DeclaringType?.FullName ?? patch.PatchMethod.Name).Distinct());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteList(json, "problems", AgentStatus.PatchProblems);
        json.WriteEndObject();
    }

    /// <summary>What was produced is looked at last, so that it is never behind what has become of it.</summary>
    static void Write(Utf8JsonWriter json, ExportCount count)
    {
        var (exported, failed, queueFull) = (count.Exported, count.Failed, count.QueueFull());
        var waiting = Math.Max(0, count.Produced - exported - failed - queueFull);
        var left = AgentProcess.HasEnded ? waiting : 0;
        json.WriteStartObject();
        json.WriteString("name", count.Exporter);
        json.WriteNumber("produced", exported + failed + queueFull + waiting);
        json.WriteNumber("exported", exported);
        json.WriteNumber("dropped", failed + queueFull + left);
        json.WriteNumber("waiting", waiting - left);
        json.WriteStartObject("droppedBecause");
        json.WriteNumber("exportFailed", failed);
        json.WriteNumber("queueWasFull", queueFull);
        json.WriteNumber("timeWasUp", left);
        json.WriteEndObject();
        if (count.LastError is { } error)
        {
            json.WriteStartObject("lastError");
            json.WriteString("at", error.At);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
