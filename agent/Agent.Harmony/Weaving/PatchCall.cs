using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using HarmonyLib.Rejit;
using HarmonyLib.Transpiling;

namespace HarmonyLib.Weaving;

/// <summary>
/// Writes one call of a patch: what its parameters ask for (harmony.pardeike.net, «Injections»), the call through its address, and, for a
/// guarded patch, a handler that tells <see cref="Guard"/>.
/// </summary>
sealed class PatchCall
{
    static readonly byte[] FailedSignature = [0x00, 2, Element.Void, Element.NativeInt, Element.Object];
    static readonly byte[] OriginalMethodSignature = [0x00, 1, Element.Object, Element.NativeInt];
    static readonly byte[] DelegateSignature = [0x00, 2, Element.Object, Element.NativeInt, Element.Object];
    static readonly byte[] ObjectType = [Element.Object];

    const byte BrFalse = 0x39, Leave = 0xDD, LoadNull = 0x14, LoadInt0 = 0x16, CastClass = 0x74, LoadObject = 0x71, StoreObject = 0x81, Box = 0x8C, UnboxAny = 0xA5;

    readonly Frame _frame;
    readonly IlWriter _il;
    readonly Patch _patch;
    readonly Injection[] _injections;
    readonly ParameterInfo[] _originalParameters;
    List<Action>? _writeBacks;
    int _arguments = -1;
    bool _hasException;
    bool _isWider;

    public PatchCall(Frame frame, Patch patch)
    {
        _frame = frame;
        _il = frame.Body.Il;
        _patch = patch;
        _injections = patch.Injections;
        _originalParameters = patch.Instantiation?.GetParameters() ?? frame.Parameters;
    }

    /// <summary>For a guarded patch: `try { call; failures = 0 } catch (object e) { Guard.Failed(cookie, e) }`, with the store only after a failure.</summary>
    /// <param name="afterException">A finalizer that is told of an exception: one of its own must not hide that, guarded or not.</param>
    public void Write(bool afterException = false)
    {
        var elsewhere = WriteInstantiationTest();
        var start = _il.Position;
        _hasException = afterException;
        WriteCall();
        if (_patch.IsGuarded)
            WriteGuard(start);
        else if (afterException)
            WriteHandler(start, static il => il.Op(0x26)); // pop
        if (elsewhere is { } label)
            _il.Mark(label);
    }

    /// <summary>All instantiations share the body: a patch of one asks which it runs in.</summary>
    /// <returns>Where it goes on in any other.</returns>
    int? WriteInstantiationTest()
    {
        if (_patch.Instantiation is not { } instantiation)
            return null;
        var elsewhere = _il.NewLabel();
        if (instantiation.DeclaringType!.IsConstructedGenericType)
            WriteTest(_frame.InstanceSignature(), instantiation.DeclaringType);
        var arguments = instantiation.IsGenericMethod ? instantiation.GetGenericArguments() : [];
        for (var i = 0; i < arguments.Length; i++)
        {
            var variable = new List<byte> { Element.MethodVariable };
            SignatureReader.Append(variable, i);
            WriteTest([.. variable], arguments[i]);
        }
        return elsewhere;

        void WriteTest(byte[] type, Type expected)
        {
            _il.OnType(0xD0, type); // ldtoken
            _il.LoadAddress(expected.TypeHandle.Value);
            _il.CallIndirect(Guard.IsTypeAddress, [0x00, 2, Element.Boolean, .. RuntimeSignature.Of(typeof(RuntimeTypeHandle)), Element.NativeInt]);
            _il.Branch(BrFalse, elsewhere);
        }
    }

    Type DeclaringType => _patch.Target.DeclaringType!;

    Type DeclaredType => _patch.Instantiation is MethodInfo { ReturnType: var declared } ? declared : _frame.DeclaredType;

    Type ResultType => _patch.Instantiation is null ? _frame.ResultType : _frame.ResultTypeIn(DeclaredType);

    /// <summary>`if (__resultRef != null) { result = ref __resultRef(); __resultRef = null }`: what one patch says, the next one sees.</summary>
    void WriteResultRef()
    {
        var none = _il.NewLabel();
        _il.LoadLocal(_frame.ResultRef);
        _il.Branch(BrFalse, none);
        _il.LoadLocal(_frame.ResultRef);
        var invoke = typeof(Guard).GetMethod(nameof(Guard.Invoke), AccessTools.allDeclared)!.MakeGenericMethod(ResultType);
        _il.CallIndirect(invoke.MethodHandle.GetFunctionPointer(), [0x00, 1, Element.ByRef, .. _frame.Types.Result.Element, Element.Object]);
        _il.StoreLocal(_frame.Result);
        _il.Op(LoadNull);
        _il.StoreLocal(_frame.ResultRef);
        _il.Mark(none);
    }

    /// <summary>The call without a guard.</summary>
    public void WriteCall()
    {
        var method = _patch.Called;
        var signature = new List<byte>(64) { 0x00 };
        SignatureReader.Append(signature, _injections.Length);
        var returned = method.ReturnType == typeof(void) ? [Element.Void] : _patch.IsPassThrough ? PassedThrough(method.ReturnType) : RuntimeSignature.Of(method.ReturnType);
        signature.AddRange(returned);
        _frame.Body.NeedStack(_injections.Length + 6); // six: the array for __args while it is filled
        for (var i = 0; i < _injections.Length; i++)
            signature.AddRange(i == 0 && _patch.IsPassThrough ? LoadPassedThrough() : Load(_injections[i]));
        _il.CallIndirect(_patch.Address, [.. signature]);
        if (_isWider)
            _il.OnType(CastClass, _frame.Types.Result.Element);
        if (method.ReturnType != typeof(void))
        {
            _il.StoreLocal(_patch.Kind switch
            {
                PatchKind.Prefix => _frame.RunOriginal,
                PatchKind.Postfix => _frame.Result,
                _ => _frame.Exception,
            });
        }
        if (_arguments >= 0)
            WriteBackArguments();
        if (_writeBacks is not null)
        {
            foreach (var writeBack in _writeBacks)
                writeBack();
        }
        if (_frame.ResultRef >= 0 && _patch.AsksFor("__resultRef"))
            WriteResultRef();
    }

    /// <summary>`if (failures != 0) failures = 0`.</summary>
    public void WriteReset()
    {
        _il.LoadAddress(_patch.FailuresAddress);
        _il.Op(0x4A); // ldind.i4
        var succeededBefore = _il.NewLabel();
        _il.Branch(BrFalse, succeededBefore);
        _il.LoadAddress(_patch.FailuresAddress);
        _il.Op(LoadInt0);
        _il.Op(0x54); // stind.i4
        _il.Mark(succeededBefore);
    }

    void WriteGuard(int start)
    {
        WriteReset();
        WriteHandler(start, il =>
        {
            il.StoreLocal(_frame.Thrown);
            il.LoadAddress(_patch.Cookie);
            il.LoadLocal(_frame.Thrown);
            il.CallIndirect(Guard.FailedAddress, FailedSignature);
        });
    }

    void WriteHandler(int start, Action<IlWriter> handle)
    {
        var done = _il.NewLabel();
        _il.Branch(Leave, done);
        var handler = _il.Position;
        handle(_il);
        _il.Branch(Leave, done);
        _frame.Body.AddCatch(start, handler);
        _il.Mark(done);
    }

    /// <summary>In a runtime-async method: whether the declared type fits, as it would in any other method. Then the task is meant, otherwise its result.</summary>
    bool IsTask(Type type) => _frame.Task is not null && (type.IsByRef ? type.GetElementType()! : type).IsAssignableFrom(DeclaredType);

    /// <summary>Puts what a parameter asks for on the stack and returns its type for the call's signature.</summary>
    byte[] Load(Injection injection)
    {
        var parameter = injection.Parameter;
        var type = parameter.ParameterType;
        if (injection.Name is null)
            return LoadArgument(parameter, injection.Index < _frame.Parameters.Length ? injection.Index : throw NoArgument(parameter, injection.Index));
        switch (injection.Name)
        {
            case "__instance":
                return LoadInstance(parameter);
            case "__result" when IsTask(type):
                return LoadTask(parameter);
            case "__result":
                return LoadResult(parameter);
            case "__resultRef":
                var resultRef = _frame.ResultRefType(ResultType);
                if (type != resultRef?.MakeByRefType())
                    throw Refuse(parameter, resultRef is null ? "the method does not return a reference to a known type" : $"it must be a reference to {resultRef}");
                _il.LoadLocalAddress(_frame.ResultRef);
                return [Element.ByRef, .. ObjectType];
            case "__state":
                if (type.IsByRef)
                    _il.LoadLocalAddress(_frame.State(_patch));
                else
                    _il.LoadLocal(_frame.State(_patch));
                return RuntimeSignature.Of(type);
            case "__args":
                return LoadArguments(parameter);
            case "__exception":
                if (type.IsByRef || !type.IsAssignableFrom(typeof(Exception)))
                    throw Refuse(parameter, "it must be an Exception by value");
                if (_patch.Kind == PatchKind.Finalizer)
                    _il.LoadLocal(_frame.Exception);
                else
                    _il.Op(LoadNull); // there is none yet, or none any more
                return ObjectType;
            case "__originalMethod":
                if (!type.IsInstanceOfType(_patch.Target))
                    throw Refuse(parameter, $"it must be a MethodBase or {(_patch.Target is MethodInfo ? "MethodInfo" : "ConstructorInfo")} by value");
                _il.LoadAddress(_patch.Cookie);
                _il.CallIndirect(Guard.OriginalMethodAddress, OriginalMethodSignature);
                return ObjectType;
            case "__runOriginal":
                if (type != typeof(bool))
                    throw Refuse(parameter, "it must be a bool by value");
                _il.LoadLocal(_frame.RunOriginal);
                return [Element.Boolean];
            case { } name when name.StartsWith("___", StringComparison.Ordinal):
                return LoadField(parameter, name[3..]);
            case { } name when name.StartsWith("__", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), out var number):
                return number < _frame.Parameters.Length ? LoadArgument(parameter, number) : throw NoArgument(parameter, number);
        }
        // An argument of that name and type comes first, as in HarmonyLib.
        if (typeof(Delegate).IsAssignableFrom(type) && type.IsDefined(typeof(HarmonyPatch), inherit: false)
            && !Array.Exists(_frame.Parameters, candidate => candidate.Name == injection.Name && candidate.ParameterType == type))
            return LoadDelegate(parameter);
        return LoadArgument(parameter, ArgumentIndex(parameter, injection.Name));
    }

    int ArgumentIndex(ParameterInfo parameter, string name)
    {
        var index = Array.FindIndex(_frame.Parameters, candidate => candidate.Name == name);
        return index >= 0
            ? index
            : throw Refuse(parameter, ": ", $"Parameter \"{name}\" not found in method {_patch.Target.FullDescription()}");
    }

    HarmonyException NoArgument(ParameterInfo parameter, int index) => Refuse(parameter, ": ", $"No parameter found at index {index} in method {_patch.Target.FullDescription()}");

    int Slot(int index) => index + (_frame.Types.HasThis ? 1 : 0);

    byte[] LoadArgument(ParameterInfo parameter, int index)
    {
        var slot = Slot(index);
        var argument = _frame.Types.Parameters[index];
        var type = _originalParameters[index].ParameterType;
        if (!argument.IsByRef)
            return LoadValue(parameter, type, argument, () => _il.LoadArgument(slot), () => _il.LoadArgumentAddress(slot));
        return LoadValue(parameter, type.GetElementType()!, argument, () => LoadReferred(slot, argument), () => _il.LoadArgument(slot));
    }

    void LoadReferred(int slot, SignatureType argument)
    {
        _il.LoadArgument(slot);
        _il.OnType(LoadObject, argument.Element);
    }

    /// <summary>The result, of a method that returns a reference what it refers to.</summary>
    byte[] LoadResult(ParameterInfo parameter)
    {
        if (_frame.Result < 0)
            throw _frame.Task is null ? Refuse(parameter, ": ", $"Cannot get result from void method {_patch.Target.FullDescription()}") : Refuse(parameter, "the method returns nothing");
        var result = _frame.Types.Result;
        if (!result.IsByRef)
            return LoadValue(parameter, ResultType, result, () => _il.LoadLocal(_frame.Result), () => _il.LoadLocalAddress(_frame.Result));
        return LoadValue(parameter, ResultType, result, () =>
        {
            _il.LoadLocal(_frame.Result);
            _il.OnType(LoadObject, result.Element);
        }, () => _il.LoadLocal(_frame.Result));
    }

    byte[] LoadPassedThrough() => _frame.Result >= 0 && _frame.Types.Result.IsByRef
        ? throw Refuse(_injections[0].Parameter, "the method returns a reference")
        : LoadResult(_injections[0].Parameter);

    byte[] PassedThrough(Type returned)
    {
        if (IsTask(returned))
            throw Refuse(_injections[0].Parameter, TaskComesLater(returned));
        var type = _frame.Result < 0 ? typeof(void) : ResultType;
        _isWider = returned != type && !returned.IsValueType && !IsVariable(_frame.Types.Result) && !type.IsValueType && !type.IsAssignableFrom(returned) && MayBe(returned, type);
        if (returned != type && !_isWider && (returned.IsValueType || !type.IsAssignableFrom(returned)))
            throw new HarmonyException($"{_patch.Name} returns a {returned}, but the method returns {(_frame.Result < 0 ? "nothing" : "a " + type)}");
        return returned.IsValueType || IsVariable(_frame.Types.Result) ? _frame.Types.Result.Element : ObjectType;
    }

    string TaskComesLater(Type wanted) => $"the method is runtime-async, and the runtime makes its task later" +
        (_frame.Result < 0 ? "" : wanted.IsAssignableFrom(_frame.ResultType) ? $" (and a {wanted} could also be its result, a {_frame.ResultType})" : $" (its result, a {_frame.ResultType}, can be replaced)");

    /// <summary>What an awaiting caller gets, as a task that has completed: in a runtime-async method there is none yet.</summary>
    byte[] LoadTask(ParameterInfo parameter)
    {
        if (_patch.Kind == PatchKind.Prefix)
            throw Refuse(parameter, $"the method is runtime-async and has no task before it has run (its result is a {_frame.ResultType})");
        if (parameter.ParameterType.IsByRef)
            throw Refuse(parameter, TaskComesLater(parameter.ParameterType.GetElementType()!));
        var (task, declared) = (_frame.Task!, DeclaredType);
        if (declared.IsValueType && declared.ContainsGenericParameters)
            throw Refuse(parameter, $"the method is runtime-async and returns a {declared}, whose type is not known here");
        return LoadValue(parameter, declared, task, _hasException ? () => LoadDefault(task, declared) : () => LoadCompleted(task, declared), static () => { });
    }

    void LoadDefault(SignatureType task, Type declared)
    {
        if (!declared.IsValueType)
        {
            _il.Op(LoadNull);
            return;
        }
        var none = _frame.Body.AddLocal(task.Element);
        _il.LoadLocalAddress(none);
        _il.InitializeObject(task.Element);
        _il.LoadLocal(none);
    }

    void LoadCompleted(SignatureType task, Type declared)
    {
        byte[] type = declared.IsValueType ? task.Element : ObjectType;
        var result = _frame.Types.Result;
        if (result.IsVoid)
        {
            _il.CallIndirect(RuntimeAsync.Completed(declared), [0x00, 0, .. type]);
            return;
        }
        _il.LoadLocal(_frame.Result);
        if (!ResultType.ContainsGenericParameters)
        {
            _il.CallIndirect(RuntimeAsync.Completed(declared), [0x00, 1, .. type, .. result.Element]);
            return;
        }
        _il.OnType(Box, result.Element);
        _il.OnType(0xD0, result.Element); // ldtoken
        _il.CallIndirect(RuntimeAsync.Completed(declared), [0x00, 2, .. type, Element.Object, .. RuntimeSignature.Of(typeof(RuntimeTypeHandle))]);
    }

    const string InstanceIsGone = "the method is runtime-async, and the reference to its instance has not outlived it";

    bool IsInstanceGone => _frame.InstanceAtStart >= 0 && _patch.Kind != PatchKind.Prefix;

    byte[] LoadInstance(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var declaring = DeclaringType;
        if (!_frame.Types.HasThis)
        {
            if (type.IsValueType || type.IsByRef)
                throw Refuse(parameter, "the method is static");
            _il.Op(LoadNull);
            return ObjectType;
        }
        if (!declaring.IsValueType)
        {
            if (!(type.IsByRef ? type.GetElementType()! : type).IsAssignableFrom(declaring))
            {
                if (!MayBe(declaring, type))
                    throw Refuse(parameter, $"it is a {declaring}");
                _il.LoadArgument(0);
                return LoadCast(type);
            }
            if (type.IsByRef)
            {
                _il.LoadArgumentAddress(0);
                return [Element.ByRef, .. ObjectType];
            }
            _il.LoadArgument(0);
            return ObjectType;
        }
        var signature = new SignatureType([], _frame.InstanceSignature(), IsByRef: true, IsVoid: false);
        if (!IsInstanceGone)
            return LoadValue(parameter, declaring, signature, () => LoadReferred(0, signature), () => _il.LoadArgument(0));
        return LoadValue(parameter, declaring, signature, () => _il.LoadLocal(_frame.InstanceAtStart), () => throw Refuse(parameter, InstanceIsGone));
    }

    byte[] LoadField(ParameterInfo parameter, string name)
    {
        var declaring = DeclaringType;
        var field = name.Length > 0 && name.All(char.IsAsciiDigit) && int.TryParse(name, out var index) ? AccessTools.DeclaredField(declaring, index) : AccessTools.Field(declaring, name);
        var problem = field switch
        {
            null => throw Refuse(parameter, ": ", $"No such field defined in class {declaring}: {name}"),
            { IsLiteral: true } => $"{name} is a constant",
            { IsStatic: false } when !_frame.Types.HasThis => $"the method is static and {name} is not",
            _ when field.DeclaringType!.ContainsGenericParameters => $"{name} is declared in a generic type whose types are not known here (patch one instantiation)",
            { IsStatic: false } when declaring is { IsValueType: true, IsGenericType: true } => $"{name} is declared in a generic struct",
            _ => null,
        };
        if (problem is not null)
            throw Refuse(parameter, problem);
        if (!field!.IsStatic && IsInstanceGone)
        {
            if (parameter.ParameterType.IsByRef)
                throw Refuse(parameter, InstanceIsGone);
            _il.LoadLocalAddress(_frame.InstanceAtStart);
        }
        else if (!field.IsStatic)
        {
            _il.LoadArgument(0);
        }
        if (field.Module == declaring.Module && !field.DeclaringType!.IsGenericType && (!field.IsPrivate || field.DeclaringType == declaring))
        {
            // ldfld, ldflda, ldsfld, ldsflda
            _il.Op((field.IsStatic, parameter.ParameterType.IsByRef) switch { (false, false) => 0x7B, (false, true) => 0x7C, (true, false) => 0x7E, _ => 0x7F });
            _il.Int(field.MetadataToken);
        }
        else
        {
            UseIndirectly(parameter, field);
        }
        var type = field.FieldType;
        var signature = RuntimeSignature.Of(type);
        return LoadValue(parameter, type, new SignatureType(signature, signature, IsByRef: false, IsVoid: false), static () => { }, address: parameter.ParameterType.IsByRef && parameter.ParameterType.GetElementType() != type && type.IsValueType ? null : static () => { });
    }

    /// <summary>A field that the original may not see, or has no reference to.</summary>
    void UseIndirectly(ParameterInfo parameter, FieldInfo field)
    {
        try
        {
            Indirection.For((field.IsStatic, parameter.ParameterType.IsByRef) switch { (false, false) => OpCodes.Ldfld, (false, true) => OpCodes.Ldflda, (true, false) => OpCodes.Ldsfld, _ => OpCodes.Ldsflda }, field).Write(_il);
        }
        catch (NotSupportedException e)
        {
            throw Refuse(parameter, e.Message);
        }
    }

    byte[] LoadDelegate(ParameterInfo parameter)
    {
        var info = new HarmonyMethod().Complete(parameter.ParameterType);
        var declaring = info.declaringType ?? DeclaringType;
        var method = info.methodName is { } name ? AccessTools.Method(declaring, name, info.argumentTypes) : null;
        var invoke = parameter.ParameterType.GetMethod("Invoke")!;
        var problem = method switch
        {
            null => $"{declaring} has no method {info.methodName}",
            { ContainsGenericParameters: true } => $"{MethodName.Of(method)} is generic",
            { IsStatic: false } when !_frame.Types.HasThis || !method.DeclaringType!.IsAssignableFrom(DeclaringType) => $"there is no instance to call {MethodName.Of(method)} on",
            _ when IsInstanceGone && !method.IsStatic => InstanceIsGone,
            _ when method.ReturnType != invoke.ReturnType || !method.GetParameters().Select(item => item.ParameterType).SequenceEqual(invoke.GetParameters().Select(item => item.ParameterType)) =>
                $"{MethodName.Of(method)} has another signature",
            _ => null,
        };
        if (problem is not null)
            throw Refuse(parameter, problem);
        _il.LoadAddress(GCHandle.ToIntPtr(GCHandle.Alloc(new InjectedDelegate(parameter.ParameterType, method!, info.nonVirtualDelegate && method!.IsVirtual))));
        if (method!.IsStatic)
        {
            _il.Op(LoadNull);
        }
        else
        {
            _il.LoadArgument(0);
            if (_frame.Original.DeclaringType!.IsValueType)
            {
                _il.OnType(LoadObject, _frame.InstanceSignature());
                _il.OnType(Box, _frame.InstanceSignature()); // the delegate works on a copy
            }
        }
        _il.CallIndirect(Guard.DelegateAddress, DelegateSignature);
        return ObjectType;
    }

    /// <summary>All arguments in an array, which <see cref="WriteBackArguments"/> takes back after the call.</summary>
    byte[] LoadArguments(ParameterInfo parameter)
    {
        if (parameter.ParameterType.IsByRef || !parameter.ParameterType.IsAssignableFrom(typeof(object[])))
            throw Refuse(parameter, "it must be an object[] by value");
        if (_arguments < 0)
            _arguments = _frame.Body.AddLocal([Element.Vector, Element.Object]);
        _il.LoadInt(_frame.Parameters.Length);
        _il.OnType(0x8D, ObjectType); // newarr
        for (var i = 0; i < _frame.Parameters.Length; i++)
        {
            var argument = _frame.Types.Parameters[i];
            var type = ArgumentType(i);
            if (!CanBeBoxed(type))
                throw Refuse(parameter, $"{_frame.Parameters[i].Name} is a {type}, which cannot be an object");
            _il.Op(0x25); // dup
            _il.LoadInt(i);
            if (argument.IsByRef)
                LoadReferred(Slot(i), argument);
            else
                _il.LoadArgument(Slot(i));
            if (type.IsValueType || type.IsGenericParameter)
                _il.OnType(Box, argument.Element);
            _il.Op(0xA2); // stelem.ref
        }
        _il.Op(0x25); // dup
        _il.StoreLocal(_arguments);
        return ObjectType;
    }

    void WriteBackArguments()
    {
        for (var i = 0; i < _frame.Parameters.Length; i++)
        {
            var argument = _frame.Types.Parameters[i];
            if (argument.IsByRef && _frame.Parameters[i].IsIn)
                continue; // may refer to memory that must not be written
            if (argument.IsByRef)
                _il.LoadArgument(Slot(i));
            _il.LoadLocal(_arguments);
            _il.LoadInt(i);
            _il.Op(0x9A); // ldelem.ref
            _il.OnType(UnboxAny, argument.Element);
            if (argument.IsByRef)
                _il.OnType(StoreObject, argument.Element);
            else
                _il.StoreArgument(Slot(i));
        }
    }

    Type ArgumentType(int index) => _frame.Parameters[index].ParameterType is var type && type.IsByRef ? type.GetElementType()! : _frame.Parameters[index].ParameterType;

    static bool CanBeBoxed(Type type) => !type.IsByRefLike && !type.IsPointer && !type.IsFunctionPointer &&
        !(type.IsGenericParameter && (type.GenericParameterAttributes & GenericParameterAttributes.AllowByRefLike) != 0);

    /// <summary>
    /// By value or by reference. Reference types travel as `object`, value types with the bytes of the target's own signature;
    /// a value type goes boxed to a patch that wants an object.
    /// </summary>
    byte[] LoadValue(ParameterInfo parameter, Type type, SignatureType signature, Action value, Action? address)
    {
        var wanted = parameter.ParameterType;
        var isReference = !type.IsValueType && !type.IsGenericParameter && !type.IsPointer && !type.IsFunctionPointer;
        var isVariable = IsVariable(signature);
        if (wanted.IsByRef)
        {
            wanted = wanted.GetElementType()!;
            if (wanted == typeof(object) && !isReference && CanBeBoxed(type) && address is not null)
                return LoadBoxed(signature, value, address);
            if (address is null || wanted != type && !(isReference && !wanted.IsValueType && wanted.IsAssignableFrom(type)))
                throw Refuse(parameter, $"it is a {type}");
            address();
            return [Element.ByRef, .. isReference && !isVariable ? ObjectType : signature.Element];
        }
        if (wanted == type && (!isReference || isVariable))
        {
            value();
            return signature.Element;
        }
        if (isReference && !isVariable && !wanted.IsAssignableFrom(type) && MayBe(type, wanted))
        {
            value();
            return LoadCast(wanted);
        }
        if (!CanBeBoxed(type) || !(type.IsGenericParameter ? wanted == typeof(object) : wanted.IsAssignableFrom(type)))
            throw Refuse(parameter, $"it is a {type}");
        value();
        if (!isReference || isVariable)
            _il.OnType(Box, signature.Element);
        return ObjectType;
    }

    /// <summary>
    /// A patch may name a more exact type than the original does (the class it knows an object to be of). HarmonyLib hands the object over unchecked; here it is cast, and
    /// one that is of another type is the patch's failure.
    /// </summary>
    byte[] LoadCast(Type wanted)
    {
        _il.OnType(CastClass, RuntimeSignature.Exactly(wanted));
        return ObjectType;
    }

    /// <summary>Whether an object of a class can be of another one, too.</summary>
    static bool MayBe(Type type, Type wanted) => !type.IsValueType && !wanted.IsValueType && !wanted.IsByRef && !wanted.IsPointer && !wanted.IsFunctionPointer && !type.ContainsGenericParameters && !wanted.IsCollectible &&
        (type.IsAssignableFrom(wanted) || wanted.IsInterface && !type.IsSealed || type.IsInterface && !wanted.IsSealed);

    /// <summary>A `ref object` for a value: the patch gets it boxed, and what is in the box afterwards is the value.</summary>
    byte[] LoadBoxed(SignatureType signature, Action value, Action address)
    {
        var box = _frame.Body.AddLocal(ObjectType);
        value();
        _il.OnType(Box, signature.Element);
        _il.StoreLocal(box);
        _il.LoadLocalAddress(box);
        (_writeBacks ??= []).Add(() =>
        {
            address();
            _il.LoadLocal(box);
            _il.OnType(UnboxAny, signature.Element);
            _il.OnType(StoreObject, signature.Element);
        });
        return [Element.ByRef, .. ObjectType];
    }

    /// <summary>Whether the body knows a type by its variable only, though it may be a known one in the instantiation that a patch is for.</summary>
    static bool IsVariable(SignatureType signature) => signature.Element[0] is Element.TypeVariable or Element.MethodVariable;

    HarmonyException Refuse(ParameterInfo parameter, string why) => Refuse(parameter, ", but ", why);

    HarmonyException Refuse(ParameterInfo parameter, string how, string why) => new($"{_patch.Name} wants ({parameter.ParameterType} {parameter.Name}){how}{why}");
}

/// <summary>A delegate that a patch asks for: its type, and the method it stands for.</summary>
/// <param name="Type">The delegate's type.</param>
/// <param name="Method">The method, or what it overrides.</param>
/// <param name="IsNonVirtual">That method even if it is overridden.</param>
sealed record InjectedDelegate(Type Type, MethodInfo Method, bool IsNonVirtual);
