using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>Messages of MQTTnet, and the contexts that travel in their user properties.</summary>
static class MqttMessage
{
    const string Message = "MQTTnet.MqttApplicationMessage, MQTTnet", Packet = "MQTTnet.Packets.MqttPublishPacket, MQTTnet";
    const string Property = "MQTTnet.Packets.MqttUserProperty, MQTTnet", Properties = "System.Collections.Generic.List`1[[" + Property + "]]";

    /// <summary>The message that is sent: a copy with the current span's context. The app may send its own again, or share it between threads.</summary>
    public static object WithContext(object message)
    {
        var copy = Copy(message);
        var properties = NewList();
        foreach (var property in (IEnumerable?)UserProperties(message) ?? Array.Empty<object>())
            properties.Add(property);
        MessageContext.Inject(properties, static (properties, name, value) =>
        {
            // A message that is passed on has the context of its first sender.
            for (var i = properties.Count - 1; i >= 0; i--)
            {
                if (Name(properties[i]!) == name)
                    properties.RemoveAt(i);
            }
            properties.Add(New(name, value));
        });
        SetUserProperties(copy, properties);
        return copy;
    }

    /// <summary>The context that a received packet has brought; default if none.</summary>
    public static ActivityContext Sender(object packet) => PacketUserProperties(packet) is IList { Count: > 0 } properties ? MessageContext.Extract(properties, Read) : default;

    /// <summary>Names may be there more than once; the last one counts.</summary>
    static string? Read(IList properties, string name)
    {
        for (var i = properties.Count - 1; i >= 0; i--)
        {
            if (Name(properties[i]!) == name)
                return Value(properties[i]!);
        }
        return null;
    }

    static IList NewList() => (IList)Activator.CreateInstance(ListOfProperties.Type)!;

    /// <summary>Found when it is first used: then the library is loaded.</summary>
    static class ListOfProperties
    {
        public static readonly Type Type = typeof(List<>).MakeGenericType(New("", "").GetType());
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Topic")]
    public static extern string? Topic([UnsafeAccessorType(Message)] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Topic")]
    public static extern string? PacketTopic([UnsafeAccessorType(Packet)] object packet);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(MemberwiseClone))]
    static extern object Copy(object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_UserProperties")]
    [return: UnsafeAccessorType(Properties)]
    static extern object? UserProperties([UnsafeAccessorType(Message)] object message);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_UserProperties")]
    static extern void SetUserProperties([UnsafeAccessorType(Message)] object message, [UnsafeAccessorType(Properties)] object properties);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_UserProperties")]
    [return: UnsafeAccessorType(Properties)]
    static extern object? PacketUserProperties([UnsafeAccessorType(Packet)] object packet);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Property)]
    static extern object New(string name, string value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Name")]
    static extern string Name([UnsafeAccessorType(Property)] object property);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Value")]
    static extern string? Value([UnsafeAccessorType(Property)] object property);
}
