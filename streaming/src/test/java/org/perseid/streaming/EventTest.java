package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    private static Event of(String params) {
        return Event.of(
                Rpc.request(
                        Rpc.parse(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"input\",\"params\":"
                                        + params
                                        + "}")));
    }

    @Test
    void eachKindIsRead() {
        assertThat(
                        of(
                                "{\"type\":\"pointer\",\"action\":\"double\",\"x\":0.5,\"y\":0.25,\"buttons\":1,\"mods\":3}"))
                .isEqualTo(new Event.Pointer(Event.Action.DOUBLE, 0.5, 0.25, 1, 3));
        assertThat(of("{\"type\":\"wheel\",\"x\":0,\"y\":1,\"steps\":-1e9,\"mods\":0}"))
                .isEqualTo(new Event.Wheel(0, 1, -50, 0));
        assertThat(
                        of(
                                "{\"type\":\"pinch\",\"x\":0,\"y\":1,\"scale\":2,\"dx\":0,\"dy\":0,\"turn\":0.5}"))
                .isEqualTo(new Event.Pinch(0, 1, 2, 0, 0, 0.5));
        assertThat(of("{\"type\":\"key\",\"key\":\"w\",\"down\":true,\"mods\":0}"))
                .isEqualTo(new Event.Key("w", true, 0));
        assertThat(of("{\"type\":\"resize\",\"width\":1e12,\"height\":-3}"))
                .isEqualTo(new Event.Resize(8192, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":5}",
                "{\"type\":\"teleport\"}",
                "{\"type\":\"pointer\",\"action\":\"fly\",\"x\":0,\"y\":0,\"buttons\":0,\"mods\":0}",
                "{\"type\":\"wheel\",\"x\":\"a\",\"y\":0,\"steps\":1,\"mods\":0}",
                "{\"type\":\"wheel\",\"x\":0,\"y\":0,\"mods\":0}",
                "{\"type\":\"key\",\"key\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\",\"down\":true,\"mods\":0}",
                "[1,2]"
            })
    void whatIsNoneIsRefusedWithAReason(String params) {
        assertThatThrownBy(() -> of(params))
                .isInstanceOf(CallException.class)
                .hasMessageStartingWith("input: ");
    }
}
