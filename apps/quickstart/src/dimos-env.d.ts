// Types of the robot's modules and skills by name: `app.ReplanningAStarPlanner`, `app.skills.relativeMove`.
import "@dimos/unitree-go2";
