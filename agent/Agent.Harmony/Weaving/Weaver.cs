using System.Buffers.Binary;
using System.Reflection;
using HarmonyLib.Rejit;

namespace HarmonyLib.Weaving;

/// <summary>
/// Writes the new body of a patched method:
/// <code>
/// prefixes
/// try { original, each `ret` → result = …; leave } catch (object e) { finalizers(e); rethrow, throw another, or swallow }
/// postfixes; finalizers(null)
/// return result
/// </code>
/// The try block is there only if there are finalizers. Each call of a patch stands in a try block of its own whose handler tells
/// <see cref="Guard"/>. Nothing in it refers to our assemblies: patches are called through their addresses, objects of our types
/// are `object` there, value types are copied from the target's own signature.
/// </summary>
sealed class Weaver
{
    static readonly byte[] FailedSignature = [0x00, 2, Element.Void, Element.NativeInt, Element.Object];
    static readonly byte[] OriginalMethodSignature = [0x00, 1, Element.Object, Element.NativeInt];
    static readonly byte[] ObjectType = [Element.Object];

    const byte Br = 0x38, BrFalse = 0x39, Beq = 0x3B, Leave = 0xDD, Throw = 0x7A, Ret = 0x2A, LoadNull = 0x14, LoadInt1 = 0x17, LoadInt0 = 0x16;

    readonly MethodBase _original;
    readonly ParameterInfo[] _parameters;
    readonly MethodTypes _types;
    readonly IlWriter _il = new();
    readonly List<byte> _locals = [];
    readonly List<ExceptionClause> _clauses = [];
    readonly List<TokenUse> _catchTokens = [];
    readonly Dictionary<Type, int> _states = [];
    readonly int _result = -1;
    readonly int _exception, _thrown, _runOriginal;
    int _localCount;
    int _maxStack = 4;

    Weaver(MethodBase original, MethodTypes types, int localCount, byte[] locals)
    {
        _original = original;
        _parameters = original.GetParameters();
        _types = types;
        _localCount = localCount;
        _locals.AddRange(locals);
        if (!types.Result.IsVoid)
            _result = AddLocal(types.Result.Bytes);
        _exception = AddLocal(ObjectType);
        _thrown = AddLocal(ObjectType);
        _runOriginal = AddLocal([Element.Int4]);
    }

    /// <exception cref="HarmonyException">The method or a patch has something that is not supported; nothing was changed.</exception>
    public static unsafe WovenBody Weave(MethodBase original, in MethodDescription description, IReadOnlyList<Patch> patches)
    {
        var types = SignatureReader.Method(new ReadOnlySpan<byte>(description.Signature, description.SignatureSize));
        var (count, locals) = SignatureReader.Locals(new ReadOnlySpan<byte>(description.Locals, description.LocalsSize));
        var weaver = new Weaver(original, types, count, locals);
        return weaver.Weave(new OriginalBody(new ReadOnlySpan<byte>(description.Body, description.BodySize)), patches);
    }

    WovenBody Weave(OriginalBody body, IReadOnlyList<Patch> patches)
    {
        var prefixes = patches.Where(patch => patch.Kind == PatchKind.Prefix).OrderByDescending(patch => patch.priority).ToList();
        var postfixes = patches.Where(patch => patch.Kind == PatchKind.Postfix).OrderByDescending(patch => patch.priority).ToList();
        var finalizers = patches.Where(patch => patch.Kind == PatchKind.Finalizer).OrderByDescending(patch => patch.priority).ToList();
        var maySkip = prefixes.Any(prefix => prefix.PatchMethod.ReturnType == typeof(bool));
        var mayReplace = finalizers.Any(finalizer => finalizer.PatchMethod.ReturnType != typeof(void));

        foreach (var patch in patches)
            AddState(patch);
        if (_result >= 0 && !_types.Result.IsByRef && (maySkip || mayReplace || prefixes.Any(UsesResult)))
        {
            _il.LoadLocalAddress(_result);
            _il.InitializeObject(_types.Result.Element);
        }
        if (maySkip)
        {
            _il.Op(LoadInt1);
            _il.StoreLocal(_runOriginal);
        }
        foreach (var prefix in prefixes)
        {
            var skipped = _il.NewLabel();
            if (maySkip && prefix.PatchMethod.ReturnType == typeof(bool))
            {
                _il.LoadLocal(_runOriginal); // an earlier prefix decided already
                _il.Branch(BrFalse, skipped);
            }
            Call(prefix, exception: -1);
            _il.Mark(skipped);
        }

        var afterOriginal = _il.NewLabel();
        if (maySkip)
        {
            _il.LoadLocal(_runOriginal);
            _il.Branch(BrFalse, afterOriginal);
        }
        var hasTry = finalizers.Count > 0;
        var start = _il.Position;
        var moved = OriginalCode.CopyTo(_il, body.Code, _result, afterOriginal, hasTry);
        foreach (var clause in body.Clauses)
            _clauses.Add(Move(clause, moved));
        var end = _il.NewLabel();
        if (hasTry)
        {
            var handler = _il.Position;
            Caught(finalizers, mayReplace, end);
            AddCatch(start, handler, _il.Position);
        }

        _il.Mark(afterOriginal);
        foreach (var postfix in postfixes)
            Call(postfix, exception: -1);
        if (hasTry)
            NotCaught(finalizers, mayReplace);
        _il.Mark(end);
        if (_result >= 0)
            _il.LoadLocal(_result);
        _il.Op(Ret);
        return new WovenBody(Header(body), _il.ToArray(), _il.Tokens, Locals(), Clauses(), _catchTokens);
    }

    static bool UsesResult(Patch patch) => patch.PatchMethod.GetParameters().Any(parameter => parameter.Name == "__result");

    /// <summary>The handler around the original: on its stack lies the exception.</summary>
    void Caught(List<Patch> finalizers, bool mayReplace, int end)
    {
        var original = -1;
        _il.StoreLocal(_exception);
        if (mayReplace)
        {
            original = AddLocal(ObjectType);
            _il.LoadLocal(_exception);
            _il.StoreLocal(original);
        }
        foreach (var finalizer in finalizers)
            Call(finalizer, _exception);
        if (mayReplace)
        {
            var rethrow = _il.NewLabel();
            var replaced = _il.NewLabel();
            _il.LoadLocal(_exception);
            _il.Branch(0x3A, replaced); // brtrue
            _il.Branch(Leave, end); // swallowed
            _il.Mark(replaced);
            _il.LoadLocal(_exception);
            _il.LoadLocal(original);
            _il.Branch(Beq, rethrow);
            _il.LoadLocal(_exception);
            _il.Op(Throw);
            _il.Mark(rethrow);
        }
        _il.Bytes([0xFE, 0x1A]); // rethrow: keeps the stack trace
    }

    void NotCaught(List<Patch> finalizers, bool mayReplace)
    {
        _il.Op(LoadNull);
        _il.StoreLocal(_exception);
        foreach (var finalizer in finalizers)
            Call(finalizer, _exception);
        if (!mayReplace)
            return;
        var fine = _il.NewLabel();
        _il.LoadLocal(_exception);
        _il.Branch(BrFalse, fine);
        _il.LoadLocal(_exception);
        _il.Op(Throw);
        _il.Mark(fine);
    }

    /// <summary>`try { patch(…); failures = 0 } catch (object e) { Guard.Failed(cookie, e) }`, with the store only after a failure.</summary>
    void Call(Patch patch, int exception)
    {
        var method = patch.PatchMethod;
        var parameters = method.GetParameters();
        var signature = new List<byte> { 0x00 };
        SignatureReader.Append(signature, parameters.Length);
        signature.Add(method.ReturnType == typeof(void) ? Element.Void : method.ReturnType == typeof(bool) ? Element.Boolean : Element.Object);
        _maxStack = Math.Max(_maxStack, parameters.Length + 3);

        var done = _il.NewLabel();
        var start = _il.Position;
        foreach (var parameter in parameters)
            signature.AddRange(Load(patch, parameter, exception));
        _il.CallIndirect(method.MethodHandle.GetFunctionPointer(), [.. signature]);
        if (method.ReturnType != typeof(void))
            _il.StoreLocal(patch.Kind == PatchKind.Finalizer ? exception : _runOriginal);
        _il.LoadAddress(patch.FailuresAddress);
        _il.Op(0x4A); // ldind.i4
        var succeededBefore = _il.NewLabel();
        _il.Branch(BrFalse, succeededBefore);
        _il.LoadAddress(patch.FailuresAddress);
        _il.Op(LoadInt0);
        _il.Op(0x54); // stind.i4
        _il.Mark(succeededBefore);
        _il.Branch(Leave, done);

        var handler = _il.Position;
        _il.StoreLocal(_thrown);
        _il.LoadAddress(patch.Cookie);
        _il.LoadLocal(_thrown);
        _il.CallIndirect(Guard.FailedAddress, FailedSignature);
        _il.Branch(Leave, done);
        AddCatch(start, handler, _il.Position);
        _il.Mark(done);
    }

    /// <summary>Puts what a patch's parameter asks for on the stack and returns its type for the call's signature.</summary>
    byte[] Load(Patch patch, ParameterInfo parameter, int exception)
    {
        var name = parameter.Name ?? "";
        var type = parameter.ParameterType;
        switch (name)
        {
            case "__instance":
                return LoadInstance(patch, type);
            case "__result":
                if (_result < 0 || _types.Result.IsByRef)
                    throw Refuse(patch, parameter, _result < 0 ? "the method returns nothing" : "the method returns a reference");
                return LoadValue(patch, parameter, ((MethodInfo)_original).ReturnType, _types.Result, () => _il.LoadLocal(_result), () => _il.LoadLocalAddress(_result));
            case "__state":
                var state = _states[patch.PatchMethod.DeclaringType!];
                if (!type.IsByRef)
                {
                    _il.LoadLocal(state);
                    return StateType(patch, type);
                }
                _il.LoadLocalAddress(state);
                return [Element.ByRef, .. StateType(patch, type.GetElementType()!)];
            case "__exception":
                if (type.IsByRef || !type.IsAssignableFrom(typeof(Exception)))
                    throw Refuse(patch, parameter, "it must be an Exception by value");
                if (exception < 0)
                    throw Refuse(patch, parameter, "only a finalizer sees the exception");
                _il.LoadLocal(exception);
                return ObjectType;
            case "__originalMethod":
                if (!type.IsAssignableFrom(typeof(MethodBase)))
                    throw Refuse(patch, parameter, "it must be a MethodBase by value");
                _il.LoadAddress(patch.Cookie);
                _il.CallIndirect(Guard.OriginalMethodAddress, OriginalMethodSignature);
                return ObjectType;
        }
        var index = ArgumentIndex(patch, parameter, name);
        var slot = index + (_types.HasThis ? 1 : 0);
        var argument = _types.Parameters[index];
        var argumentType = _parameters[index].ParameterType;
        if (!argument.IsByRef)
            return LoadValue(patch, parameter, argumentType, argument, () => _il.LoadArgument(slot), () => _il.LoadArgumentAddress(slot));
        return LoadValue(patch, parameter, argumentType.GetElementType()!, argument,
            () =>
            {
                _il.LoadArgument(slot);
                _il.OnType(0x71, argument.Element); // ldobj
            },
            () => _il.LoadArgument(slot));
    }

    int ArgumentIndex(Patch patch, ParameterInfo parameter, string name)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), out var number))
            return number < _parameters.Length ? number : throw Refuse(patch, parameter, $"the method has {_parameters.Length} parameters");
        var index = Array.FindIndex(_parameters, candidate => candidate.Name == name);
        return index >= 0
            ? index
            : throw Refuse(patch, parameter, $"the method has no such parameter, only ({string.Join(", ", _parameters.Select(candidate => candidate.Name))})");
    }

    byte[] LoadInstance(Patch patch, Type type)
    {
        var declaring = _original.DeclaringType!;
        if (!_types.HasThis)
            throw new HarmonyException($"{patch.Name} wants __instance, but the method is static");
        _il.LoadArgument(0);
        if (!declaring.IsValueType)
        {
            if (!type.IsAssignableFrom(declaring))
                throw new HarmonyException($"{patch.Name} wants __instance as {type}, but it is a {declaring}");
            return ObjectType;
        }
        if (type.IsByRef || !type.IsAssignableFrom(declaring) || type.IsValueType)
            throw new HarmonyException($"{patch.Name} wants __instance as {type}; that of a value type is to be had as object only");
        var token = DeclaringTypeSignature(declaring);
        _il.OnType(0x71, token); // ldobj
        _il.OnType(0x8C, token); // box
        return ObjectType;
    }

    static byte[] DeclaringTypeSignature(Type type)
    {
        var signature = new List<byte>();
        var arguments = type.GetGenericArguments().Length;
        if (arguments > 0)
            signature.Add(Element.GenericInstance);
        signature.Add(Element.ValueType);
        SignatureReader.Append(signature, (type.MetadataToken & 0xFFFFFF) << 2);
        if (arguments > 0)
            SignatureReader.Append(signature, arguments);
        for (var i = 0; i < arguments; i++)
        {
            signature.Add(Element.TypeVariable);
            SignatureReader.Append(signature, i);
        }
        return [.. signature];
    }

    /// <summary>
    /// By value or by reference. Reference types travel as `object`, value types with the bytes of the target's own signature;
    /// a value type goes boxed to a patch that wants an object.
    /// </summary>
    byte[] LoadValue(Patch patch, ParameterInfo parameter, Type type, SignatureType signature, Action value, Action address)
    {
        var wanted = parameter.ParameterType;
        if (wanted.IsByRef)
        {
            wanted = wanted.GetElementType()!;
            var isReference = !type.IsValueType && !type.IsGenericParameter && !type.IsPointer;
            if (wanted != type && !(isReference && !wanted.IsValueType && wanted.IsAssignableFrom(type)))
                throw Refuse(patch, parameter, $"it is a {type}");
            address();
            return [Element.ByRef, .. isReference ? ObjectType : signature.Element];
        }
        if (wanted == type && type.IsValueType)
        {
            value();
            return signature.Element;
        }
        if (type.IsByRefLike || type.IsPointer || !(type.IsGenericParameter ? wanted == typeof(object) : wanted.IsAssignableFrom(type)))
            throw Refuse(patch, parameter, $"it is a {type}");
        value();
        if (type.IsValueType || type.IsGenericParameter)
            _il.OnType(0x8C, signature.Element); // box
        return ObjectType;
    }

    static HarmonyException Refuse(Patch patch, ParameterInfo parameter, string why) =>
        new($"{patch.Name} wants ({parameter.ParameterType} {parameter.Name}), but {why}");

    void AddState(Patch patch)
    {
        var owner = patch.PatchMethod.DeclaringType!;
        var parameter = patch.PatchMethod.GetParameters().FirstOrDefault(candidate => candidate.Name == "__state");
        if (parameter is null || _states.ContainsKey(owner))
            return;
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        _states[owner] = AddLocal(StateType(patch, type));
        _il.LoadLocalAddress(_states[owner]);
        _il.InitializeObject(StateType(patch, type));
    }

    static byte[] StateType(Patch patch, Type type) => !type.IsValueType
        ? ObjectType
        : Element.Primitive(type) is not 0 and var primitive
            ? [primitive]
            : throw new HarmonyException($"{patch.Name} wants a __state of type {type}; so far it must be a class or a primitive");

    int AddLocal(byte[] type)
    {
        _locals.AddRange(type);
        return _localCount++;
    }

    void AddCatch(int tryStart, int handlerStart, int handlerEnd)
    {
        // Inner clauses must precede outer ones: a clause is added when its handler is complete, after all that it encloses.
        _catchTokens.Add(new TokenUse(_clauses.Count, ObjectType, IsType: true));
        _clauses.Add(new ExceptionClause(ExceptionClause.Catch, tryStart, handlerStart - tryStart, handlerStart, handlerEnd - handlerStart, 0));
    }

    static ExceptionClause Move(ExceptionClause clause, int[] moved)
    {
        var tryStart = OriginalCode.Moved(moved, clause.TryOffset);
        var tryEnd = OriginalCode.Moved(moved, clause.TryOffset + clause.TryLength);
        var handlerStart = OriginalCode.Moved(moved, clause.HandlerOffset);
        var handlerEnd = OriginalCode.Moved(moved, clause.HandlerOffset + clause.HandlerLength);
        var last = clause.Kind == ExceptionClause.Filter ? OriginalCode.Moved(moved, clause.TokenOrFilter) : clause.TokenOrFilter;
        return new ExceptionClause(clause.Kind, tryStart, tryEnd - tryStart, handlerStart, handlerEnd - handlerStart, last);
    }

    byte[] Header(OriginalBody body)
    {
        var header = new byte[12];
        var flags = 0x3003 | (body.InitLocals ? 0x10 : 0) | (_clauses.Count > 0 ? 0x08 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)Math.Min(ushort.MaxValue, Math.Max(body.MaxStack, _maxStack)));
        return header;
    }

    byte[] Locals()
    {
        var signature = new List<byte> { 0x07 };
        SignatureReader.Append(signature, _localCount);
        signature.AddRange(_locals);
        return [.. signature];
    }

    byte[] Clauses()
    {
        if (_clauses.Count == 0)
            return [];
        var section = new byte[4 + 24 * _clauses.Count];
        BinaryPrimitives.WriteInt32LittleEndian(section, section.Length << 8 | 0x41); // exception table, fat
        for (var i = 0; i < _clauses.Count; i++)
        {
            var clause = _clauses[i];
            var at = section.AsSpan(4 + 24 * i);
            BinaryPrimitives.WriteInt32LittleEndian(at, clause.Kind);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], clause.TryOffset);
            BinaryPrimitives.WriteInt32LittleEndian(at[8..], clause.TryLength);
            BinaryPrimitives.WriteInt32LittleEndian(at[12..], clause.HandlerOffset);
            BinaryPrimitives.WriteInt32LittleEndian(at[16..], clause.HandlerLength);
            BinaryPrimitives.WriteInt32LittleEndian(at[20..], clause.TokenOrFilter);
        }
        return section;
    }
}
