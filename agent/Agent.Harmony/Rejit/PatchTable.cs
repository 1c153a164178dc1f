using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Rejit;

/// <summary>
/// Every patched method with its patches. A change weaves the method anew from its original body and asks the runtime once for all
/// methods of the change; what cannot be woven is refused before anything changes.
/// </summary>
static unsafe class PatchTable
{
    static readonly Lock Gate = new();
    static readonly Dictionary<MethodBase, List<Patch>> Methods = [];
    static readonly Dictionary<(nint Module, string Signature, bool IsType), int> Tokens = [];

    /// <summary>Adds patches to methods.</summary>
    /// <returns>What was refused, with the reason; everything else is installed.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; nothing is installed.</exception>
    public static List<(Patch Patch, string Reason)> Add(IReadOnlyCollection<Patch> patches)
    {
        lock (Gate)
        {
            var refused = new List<(Patch, string)>();
            var wanted = new Dictionary<MethodBase, List<Patch>>();
            foreach (var patch in patches)
            {
                if (!wanted.TryGetValue(patch.Original, out var list))
                    wanted[patch.Original] = list = Methods.TryGetValue(patch.Original, out var present) ? [.. present] : [];
                list.Add(patch);
            }
            Apply(wanted, (method, reason) => refused.AddRange(patches.Where(patch => patch.Original == method).Select(patch => (patch, reason))));
            return refused;
        }
    }

    /// <summary>Takes patches out of one method; without any left, its original body is back.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public static bool Remove(MethodBase method, Func<Patch, bool> which)
    {
        lock (Gate)
        {
            if (!Methods.TryGetValue(method, out var present))
                return false;
            var left = present.Where(patch => !which(patch)).ToList();
            if (left.Count == present.Count)
                return false;
            if (left.Count > 0)
                Apply(new() { [method] = left }, (_, reason) => throw new HarmonyException(reason));
            else
                Revert(method);
            return true;
        }
    }

    public static List<MethodBase> PatchedMethods()
    {
        lock (Gate)
            return [.. Methods.Keys];
    }

    public static List<Patch> PatchesOf(MethodBase method)
    {
        lock (Gate)
            return Methods.TryGetValue(method, out var patches) ? [.. patches] : [];
    }

    static void Apply(Dictionary<MethodBase, List<Patch>> wanted, Action<MethodBase, string> refuse)
    {
        var methods = wanted.Keys.Where(method => IsPatchable(method, refuse)).ToArray();
        var descriptions = Describe(methods);
        var woven = new List<(MethodBase Method, MethodDescription Description, WovenBody Body)>();
        for (var i = 0; i < methods.Length; i++)
        {
            try
            {
                if (descriptions[i].Result < 0)
                    throw new HarmonyException(Hresult.Sentence(descriptions[i].Result));
                woven.Add((methods[i], descriptions[i], Weaver.Weave(methods[i], descriptions[i], wanted[methods[i]])));
            }
            catch (HarmonyException e)
            {
                refuse(methods[i], Refusal(methods[i], e.Message));
            }
        }
        DefineTokens(woven);
        if (woven.Count > 0)
            Install(woven);
        foreach (var (method, description, _) in woven)
        {
            Methods[method] = wanted[method];
        }
    }

    static string Refusal(MethodBase method, string reason) => $"{MethodName.Of(method)} cannot be patched: {reason}";

    /// <summary>Keeps out what the runtime would accept and then fail at, or never take notice of.</summary>
    static bool IsPatchable(MethodBase method, Action<MethodBase, string> refuse)
    {
        const MethodImplAttributes runtimeAsync = (MethodImplAttributes)0x2000;
        const MethodImplAttributes withoutIl = MethodImplAttributes.InternalCall | MethodImplAttributes.Runtime;
        var reason = method switch
        {
            { IsAbstract: true } => "it is abstract",
            DynamicMethod or { DeclaringType: null } => "it is a dynamic method",
            { DeclaringType.Assembly: { IsDynamic: true } or { IsCollectible: true } } => "its code is dynamic or collectible",
            _ when (method.Attributes & MethodAttributes.PinvokeImpl) != 0 || (method.MethodImplementationFlags & withoutIl) != 0 => "it has no IL (extern)",
            _ when (method.MethodImplementationFlags & runtimeAsync) != 0 => "it is a runtime-async method",
            _ => null,
        };
        if (reason is not null)
            refuse(method, Refusal(method, reason));
        return reason is null;
    }

    static MethodDescription[] Describe(MethodBase[] methods)
    {
        var descriptions = new MethodDescription[methods.Length];
        for (var i = 0; i < methods.Length; i++)
            descriptions[i].Function = methods[i].MethodHandle.Value;
        var result = RejitLibrary.Describe(descriptions);
        return result >= 0 ? descriptions : throw new HarmonyException($"methods cannot be looked up: {Hresult.Sentence(result)}");
    }

    static void DefineTokens(List<(MethodBase Method, MethodDescription Description, WovenBody Body)> woven)
    {
        var missing = new List<((nint, string, bool) Key, byte[] Signature)>();
        foreach (var (_, description, body) in woven)
        {
            foreach (var (signature, isType) in body.Signatures)
            {
                var key = Key(description.Module, signature, isType);
                if (Tokens.TryAdd(key, 0))
                    missing.Add((key, signature));
            }
        }
        var requests = new TokenRequest[missing.Count];
        var bytes = new byte[missing.Sum(item => item.Signature.Length)];
        fixed (byte* signatures = bytes)
        {
            var at = 0;
            for (var i = 0; i < requests.Length; i++)
            {
                var signature = missing[i].Signature;
                signature.CopyTo(bytes, at);
                requests[i] = new TokenRequest { Module = missing[i].Key.Item1, Signature = signatures + at, Size = signature.Length, IsType = missing[i].Key.Item3 ? 1 : 0 };
                at += signature.Length;
            }
            var result = RejitLibrary.DefineTokens(requests);
            for (var i = 0; i < requests.Length; i++)
            {
                if (result >= 0 && requests[i].Result >= 0)
                    Tokens[missing[i].Key] = requests[i].Token;
                else
                    Tokens.Remove(missing[i].Key);
            }
        }
    }

    static (nint, string, bool) Key(nint module, byte[] signature, bool isType) => (module, Convert.ToHexString(signature), isType);

    static void Install(List<(MethodBase Method, MethodDescription Description, WovenBody Body)> woven)
    {
        var bodies = new byte[woven.Count][];
        for (var i = 0; i < bodies.Length; i++)
        {
            var (method, description, body) = woven[i];
            bodies[i] = body.ToArray((signature, isType) => Tokens.TryGetValue(Key(description.Module, signature, isType), out var token)
                ? token
                : throw new HarmonyException(Refusal(method, "the runtime gives out no token for a signature")));
        }
        var pointers = new nint[bodies.Length];
        var all = new byte[bodies.Sum(body => body.Length)];
        fixed (byte* start = all)
        {
            var at = 0;
            for (var i = 0; i < bodies.Length; i++)
            {
                bodies[i].CopyTo(all, at);
                pointers[i] = (nint)(start + at);
                at += bodies[i].Length;
            }
            var result = RejitLibrary.Install(
                [.. woven.Select(item => item.Description.Module)], [.. woven.Select(item => item.Description.Token)], pointers, [.. bodies.Select(body => body.Length)]);
            if (result < 0)
                throw new HarmonyException($"the runtime refused {woven.Count} new method bodies: {Hresult.Sentence(result)}");
        }
    }

    static void Revert(MethodBase method)
    {
        var description = Describe([method])[0];
        Span<int> results = [0];
        var result = description.Result < 0 ? description.Result : RejitLibrary.Revert([description.Module], [description.Token], results);
        if (result < 0 || results[0] < 0)
            throw new HarmonyException($"{MethodName.Of(method)} cannot be reverted: {Hresult.Sentence(result < 0 ? result : results[0])}");
        Methods.Remove(method);
    }
}
